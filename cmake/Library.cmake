# The scrubber as a library for other programs: `cmake --install build/release --component chatham-redaction-dev`. Shared and static
# have the same functions, those that the three public headers declare, and nothing else is seen of what is inside.
include(GNUInstallDirs)
set(public redaction/redaction.h base/bytes.h base/status.h)
list(TRANSFORM public PREPEND ${PROJECT_SOURCE_DIR}/)
set(made ${PROJECT_BINARY_DIR}/redaction)
set(exports ${PROJECT_SOURCE_DIR}/redaction/tools/exports.sh)
add_custom_command(OUTPUT ${made}/exports.map ${made}/exports.txt DEPENDS ${public} ${exports} VERBATIM
  COMMAND bash ${exports} ${made} ${public})
add_custom_target(redaction-exports DEPENDS ${made}/exports.map)

add_library(chatham_redaction_shared SHARED redaction/tools/anchors_packed.c)
add_dependencies(chatham_redaction_shared redaction-exports chatham_redaction chatham_base)
set_target_properties(chatham_redaction_shared PROPERTIES OUTPUT_NAME chatham-redaction VERSION ${PROJECT_VERSION} SOVERSION 0
  LINK_DEPENDS "${made}/exports.map;$<TARGET_FILE:chatham_redaction>;$<TARGET_FILE:chatham_base>")
target_link_libraries(chatham_redaction_shared PRIVATE chatham_options -Wl,--whole-archive $<TARGET_FILE:chatham_redaction>
  -Wl,--no-whole-archive $<TARGET_FILE:chatham_base> PkgConfig::HS PkgConfig::SODIUM PkgConfig::ZLIB Threads::Threads m
  -Wl,--version-script=${made}/exports.map)

# One object in which only the exported names are global, so that nothing of ours meets a name of the program's.
add_custom_command(OUTPUT ${made}/libchatham-redaction.a VERBATIM
  DEPENDS ${made}/exports.txt chatham_redaction chatham_base chatham_anchors
  COMMAND ${CMAKE_C_COMPILER} -r -nostdlib -o ${made}/one.o -Wl,--whole-archive $<TARGET_FILE:chatham_redaction>
    $<TARGET_FILE:chatham_anchors> -Wl,--no-whole-archive $<TARGET_FILE:chatham_base>
  COMMAND ${CMAKE_OBJCOPY} --keep-global-symbols=${made}/exports.txt ${made}/one.o
  COMMAND ${CMAKE_COMMAND} -E rm -f ${made}/libchatham-redaction.a
  COMMAND ${CMAKE_AR} rcsD ${made}/libchatham-redaction.a ${made}/one.o)
add_custom_target(redaction-library ALL DEPENDS ${made}/libchatham-redaction.a chatham_redaction_shared)

# The file says where it lies itself: an installation may be moved.
file(RELATIVE_PATH up "/prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/prefix")
configure_file(${PROJECT_SOURCE_DIR}/redaction/tools/chatham-redaction.pc.in ${made}/chatham-redaction.pc @ONLY)

set(component COMPONENT chatham-redaction-dev)
install(TARGETS chatham_redaction_shared LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} ${component})
install(FILES ${made}/libchatham-redaction.a DESTINATION ${CMAKE_INSTALL_LIBDIR} ${component})
install(FILES ${made}/chatham-redaction.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig ${component})
install(FILES redaction/redaction.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/chatham/redaction ${component})
install(FILES base/bytes.h base/status.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/chatham/base ${component})
install(FILES docs/examples/scrub.c docs/scrubber-library.md DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/chatham-redaction-dev ${component})
