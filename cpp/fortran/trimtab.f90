!> Fortran module over the C interface of trimtab (trimtab.h).
module trimtab
  use, intrinsic :: iso_c_binding
  implicit none
  private
  public :: trimtab_version, trimtab_last_error, trimtab_set_threads

  interface
    function c_version() bind(c, name='trimtab_version') result(text)
      import :: c_ptr
      type(c_ptr) :: text
    end function
    function c_last_error() bind(c, name='trimtab_last_error') result(text)
      import :: c_ptr
      type(c_ptr) :: text
    end function
    !> Default number of threads of every later call; returns a status, 0 for success.
    function trimtab_set_threads(threads) bind(c, name='trimtab_set_threads') result(status)
      import :: c_int
      integer(c_int), value :: threads
      integer(c_int) :: status
    end function
    function c_strlen(text) bind(c, name='strlen') result(n)
      import :: c_ptr, c_size_t
      type(c_ptr), value :: text
      integer(c_size_t) :: n
    end function
  end interface

contains

  !> Version of the library.
  function trimtab_version() result(text)
    character(len=:), allocatable :: text
    text = to_string(c_version())
  end function

  !> Text of this thread's last error.
  function trimtab_last_error() result(text)
    character(len=:), allocatable :: text
    text = to_string(c_last_error())
  end function

  function to_string(pointer) result(text)
    type(c_ptr), intent(in) :: pointer
    character(len=:), allocatable :: text
    character(kind=c_char), pointer :: chars(:)
    integer :: i
    call c_f_pointer(pointer, chars, [c_strlen(pointer)])
    allocate (character(len=size(chars)) :: text)
    do i = 1, size(chars)
      text(i:i) = chars(i)
    end do
  end function

end module trimtab
