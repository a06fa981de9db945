program consumer
  use trimtab
  implicit none
  if (trimtab_set_threads(2) /= 0) stop 1
  if (trimtab_set_threads(-1) /= 1) stop 2
  if (index(trimtab_last_error(), 'threads: expected an integer') /= 1) stop 3
  print '(a)', trimtab_version()
end program consumer
