# Third-party libraries, each as one imported target. Which room may use which is in cmake/Rooms.cmake.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
pkg_check_modules(OPENSSL REQUIRED IMPORTED_TARGET openssl>=3.0)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium>=1.0.18)
pkg_check_modules(CURL REQUIRED IMPORTED_TARGET libcurl)
pkg_check_modules(EVENT REQUIRED IMPORTED_TARGET libevent libevent_openssl)
pkg_check_modules(HS REQUIRED IMPORTED_TARGET libhs)
pkg_check_modules(BLAS REQUIRED IMPORTED_TARGET openblas)
set(CMAKE_SKIP_RPATH ON)  # all shared libraries are the system's, BLAS by its alternatives: no program carries a path of the machine that built it
pkg_check_modules(ZLIB REQUIRED IMPORTED_TARGET zlib)
pkg_check_modules(P11 REQUIRED p11-kit-1)  # PKCS#11's header only: modules are loaded at run time
pkg_check_modules(CMOCKA IMPORTED_TARGET cmocka)

# SQLCipher >= 4: the system's package where it is new enough, else what `./dev setup` built.
set(CHATHAM_SQLCIPHER_DIR "${PROJECT_SOURCE_DIR}/build/deps/sqlcipher" CACHE PATH
    "folder with libsqlcipher.a and include/sqlite3.h")
add_library(chatham_sqlcipher INTERFACE)
pkg_check_modules(SQLCIPHER IMPORTED_TARGET sqlcipher>=3.40)  # the package carries SQLite's number: 4.6.1 is 3.46
if(EXISTS "${CHATHAM_SQLCIPHER_DIR}/libsqlcipher.a")
  target_include_directories(chatham_sqlcipher SYSTEM INTERFACE "${CHATHAM_SQLCIPHER_DIR}/include")
  target_link_libraries(chatham_sqlcipher INTERFACE "${CHATHAM_SQLCIPHER_DIR}/libsqlcipher.a"
                        PkgConfig::OPENSSL Threads::Threads m ${CMAKE_DL_LIBS})
  set(CHATHAM_SQLCIPHER_NOTE "${CHATHAM_SQLCIPHER_DIR}/source") # what it was built from: name, version, SHA-256
elseif(SQLCIPHER_FOUND)
  target_link_libraries(chatham_sqlcipher INTERFACE PkgConfig::SQLCIPHER)
else()
  message(FATAL_ERROR "SQLCipher >= 4 is missing: run ./dev setup")
endif()
target_compile_definitions(chatham_sqlcipher INTERFACE SQLITE_HAS_CODEC)
