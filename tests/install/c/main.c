#include <trimtab/trimtab.h>

#include <stdio.h>
#include <string.h>

int main(void) {
  if (trimtab_set_threads(2) != TRIMTAB_OK) return 1;
  if (trimtab_set_threads(-1) != TRIMTAB_INVALID_ARGUMENT) return 2;
  if (!strstr(trimtab_last_error(), "threads: expected an integer")) return 3;
  printf("%s %s\n", trimtab_version(), trimtab_isa_level());
  return 0;
}
