# Rooms as libraries for other programs, each alone: `cmake --install build/release --component chatham-NAME-dev`. Shared and static
# have the same functions, those that the public headers declare, and nothing else is seen of what is inside.
include(GNUInstallDirs)

# chatham_library(ROOM HEADERS files... DOCUMENTS files... PARTS archives... SOURCES files... NEEDS targets...)
#   PARTS: archives that go in beside the room and base; SOURCES: what the shared library is made of beside them
function(chatham_library room)
  cmake_parse_arguments(LIB "" "" "HEADERS;DOCUMENTS;PARTS;SOURCES;NEEDS" ${ARGN})
  set(name chatham-${room})
  set(made ${PROJECT_BINARY_DIR}/${room})
  set(headers ${LIB_HEADERS})
  list(TRANSFORM headers PREPEND ${PROJECT_SOURCE_DIR}/)
  set(exports ${PROJECT_SOURCE_DIR}/cmake/exports.sh)
  add_custom_command(OUTPUT ${made}/exports.map ${made}/exports.txt DEPENDS ${headers} ${exports} VERBATIM
    COMMAND bash ${exports} ${made} ${headers})
  add_custom_target(${room}-exports DEPENDS ${made}/exports.map)

  add_library(chatham_${room}_shared SHARED $<TARGET_OBJECTS:chatham_${room}> ${LIB_SOURCES})
  add_dependencies(chatham_${room}_shared ${room}-exports chatham_${room} chatham_base)
  set_target_properties(chatham_${room}_shared PROPERTIES OUTPUT_NAME ${name} VERSION ${PROJECT_VERSION} SOVERSION 0
    LINKER_LANGUAGE C LINK_DEPENDS "${made}/exports.map;$<TARGET_FILE:chatham_base>")
  target_link_libraries(chatham_${room}_shared PRIVATE chatham_options $<TARGET_FILE:chatham_base> ${LIB_NEEDS} PkgConfig::SODIUM PkgConfig::ZLIB Threads::Threads m
    -Wl,--version-script=${made}/exports.map)

  # One object in which only the exported names are global, so that nothing of ours meets a name of the program's.
  set(parts ${LIB_PARTS})
  list(TRANSFORM parts REPLACE "(.+)" "$<TARGET_FILE:\\1>")
  add_custom_command(OUTPUT ${made}/lib${name}.a VERBATIM
    DEPENDS ${made}/exports.txt chatham_${room} chatham_base ${LIB_PARTS}
    COMMAND ${CMAKE_C_COMPILER} -r -nostdlib -o ${made}/one.o -Wl,--whole-archive $<TARGET_FILE:chatham_${room}>
      ${parts} -Wl,--no-whole-archive $<TARGET_FILE:chatham_base>
    COMMAND ${CMAKE_OBJCOPY} --keep-global-symbols=${made}/exports.txt ${made}/one.o
    COMMAND ${CMAKE_COMMAND} -E rm -f ${made}/lib${name}.a
    COMMAND ${CMAKE_AR} rcsD ${made}/lib${name}.a ${made}/one.o)
  add_custom_target(${room}-library ALL DEPENDS ${made}/lib${name}.a chatham_${room}_shared)

  # The file says where it lies itself: an installation may be moved.
  file(RELATIVE_PATH up "/prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/prefix")
  configure_file(${PROJECT_SOURCE_DIR}/cmake/${name}.pc.in ${made}/${name}.pc @ONLY)

  set(component COMPONENT ${name}-dev)
  install(TARGETS chatham_${room}_shared LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} ${component})
  install(FILES ${made}/lib${name}.a DESTINATION ${CMAKE_INSTALL_LIBDIR} ${component})
  install(FILES ${made}/${name}.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig ${component})
  install(FILES ${LIB_DOCUMENTS} DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${name}-dev ${component})
  foreach(header ${LIB_HEADERS})
    get_filename_component(folder ${header} DIRECTORY)
    install(FILES ${header} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/chatham/${folder} ${component})
  endforeach()
endfunction()

chatham_library(redaction
  HEADERS redaction/redaction.h base/bytes.h base/status.h
  DOCUMENTS docs/examples/scrub.c docs/scrubber-library.md
  PARTS chatham_anchors SOURCES redaction/tools/anchors_packed.c NEEDS PkgConfig::HS)

chatham_library(dp
  HEADERS dp/account.h dp/amplify.h dp/bernoulli.h dp/bounded.h dp/count_noise.h dp/floor.h dp/gaussian.h dp/keywords.h
    dp/laplace.h dp/mechanism.h dp/ngrams.h dp/noisy_max.h dp/partition.h dp/partition_count.h dp/permute_flip.h dp/plan.h
    dp/pld.h dp/projective.h dp/rdp.h dp/response.h dp/response_many.h dp/sampler.h dp/sparse_vector.h dp/stability.h
    dp/steady.h dp/stream.h dp/vector.h dp/weighted_union.h dp/zcdp.h base/bytes.h base/random.h base/status.h
  DOCUMENTS docs/examples/noise.c docs/dp-library.md)
