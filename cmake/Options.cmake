# Warnings and hardening. Every flag is probed: GCC 12 and Clang 14 lack some of them.
# _FORTIFY_SOURCE is given as ordered options (-U before -D): as a definition it would be undone by
# the distribution's own -U. Sanitizers switch it off.
include(CheckCCompilerFlag)
include(CheckLinkerFlag)

add_library(chatham_options INTERFACE)
target_compile_features(chatham_options INTERFACE c_std_17)
target_compile_definitions(chatham_options INTERFACE _GNU_SOURCE)
target_include_directories(chatham_options INTERFACE ${PROJECT_SOURCE_DIR})

function(chatham_flag flag)
  string(MAKE_C_IDENTIFIER "HAVE${flag}" seen)
  set(CMAKE_REQUIRED_FLAGS "-Wformat")
  check_c_compiler_flag("${flag}" ${seen})
  if(${seen})
    target_compile_options(chatham_options INTERFACE ${flag})
  endif()
endfunction()

foreach(flag -Wall -Wextra -Wshadow -Wvla -Wformat=2 -Wstrict-prototypes -Wmissing-prototypes
             -Wwrite-strings -Wundef -Wpointer-arith -Wimplicit-fallthrough -Wswitch-enum
             -Werror=format-security -Werror=implicit-function-declaration
             -fstack-protector-strong -fstack-clash-protection -fcf-protection
             -fno-delete-null-pointer-checks -fno-strict-aliasing -fno-common)
  chatham_flag(${flag})
endforeach()
if(CHATHAM_WERROR)
  target_compile_options(chatham_options INTERFACE -Werror)
endif()

foreach(flag -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack)
  string(MAKE_C_IDENTIFIER "LINK${flag}" seen)
  check_linker_flag(C "${flag}" ${seen})
  if(${seen})
    target_link_options(chatham_options INTERFACE ${flag})
  endif()
endforeach()

# A release does not tell where it was built: __FILE__ and debug information begin at the tree's root.
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  chatham_flag(-ffile-prefix-map=${PROJECT_SOURCE_DIR}=.)
endif()

if(CHATHAM_SANITIZE)
  target_compile_options(chatham_options INTERFACE
    -fsanitize=${CHATHAM_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all -U_FORTIFY_SOURCE)
  target_link_options(chatham_options INTERFACE -fsanitize=${CHATHAM_SANITIZE})
elseif(NOT CMAKE_BUILD_TYPE STREQUAL "Debug")
  target_compile_options(chatham_options INTERFACE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3)
endif()
if(CHATHAM_SANITIZE OR CHATHAM_COVERAGE)
  target_compile_definitions(chatham_options INTERFACE CHATHAM_INSTRUMENTED) # the server's filters are wide then
endif()
if(CHATHAM_COVERAGE)
  target_compile_options(chatham_options INTERFACE --coverage)
  target_link_options(chatham_options INTERFACE --coverage)
endif()
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
