# chatham_room(NAME USES rooms... LIBRARIES targets...): one static library a room, made of every .c in its folder.
# What a room USES is its may-include list; tests/layers holds the tree to it.
function(chatham_room name)
  cmake_parse_arguments(ROOM "" "" "USES;LIBRARIES" ${ARGN})
  file(GLOB_RECURSE sources RELATIVE "${PROJECT_SOURCE_DIR}" CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/${name}/*.c")
  list(FILTER sources EXCLUDE REGEX "/main[^/]*\\.c$|/train/|/tools/")
  if(NOT sources)
    add_library(chatham_${name} INTERFACE)
    return()
  endif()
  add_library(chatham_${name} STATIC ${sources})
  set_target_properties(chatham_${name} PROPERTIES LINKER_LANGUAGE C)
  set(rooms ${ROOM_USES})
  list(TRANSFORM rooms PREPEND chatham_)
  target_link_libraries(chatham_${name} PUBLIC chatham_options ${rooms} PRIVATE ${ROOM_LIBRARIES})
endfunction()

chatham_room(base LIBRARIES PkgConfig::SODIUM PkgConfig::ZLIB Threads::Threads)
chatham_room(crypto USES base LIBRARIES PkgConfig::OPENSSL chatham_sqlcipher ${CMAKE_DL_LIBS})
target_include_directories(chatham_crypto SYSTEM PRIVATE ${P11_INCLUDE_DIRS})
chatham_room(dp USES base LIBRARIES m)
chatham_room(redaction USES base LIBRARIES PkgConfig::HS m)

# The scrubber's anchors are compiled once, by a program made of the library itself, and linked in beside it.
set(anchors ${PROJECT_BINARY_DIR}/redaction/anchors.bin)
add_executable(redaction-anchors redaction/tools/anchors.c)
target_link_libraries(redaction-anchors PRIVATE chatham_options $<TARGET_FILE:chatham_redaction> chatham_base PkgConfig::HS)
add_dependencies(redaction-anchors chatham_redaction)
add_custom_command(OUTPUT ${anchors} DEPENDS redaction-anchors VERBATIM
  COMMAND ${CMAKE_COMMAND} -E make_directory ${PROJECT_BINARY_DIR}/redaction
  COMMAND redaction-anchors ${anchors})
add_library(chatham_anchors STATIC redaction/tools/anchors_packed.c)
target_link_libraries(chatham_anchors PRIVATE chatham_options)
set_source_files_properties(redaction/tools/anchors_packed.c PROPERTIES OBJECT_DEPENDS ${anchors}
  COMPILE_DEFINITIONS "ANCHORS_FILE=\"${anchors}\"")
target_link_libraries(chatham_redaction INTERFACE chatham_anchors)

# The tagger's models are part of the room's code; the program that makes them is a tool of its own.
set(models "${PROJECT_SOURCE_DIR}/redaction/model")
set_source_files_properties("${PROJECT_SOURCE_DIR}/redaction/tag_data.c" PROPERTIES
  COMPILE_DEFINITIONS "TAG_MODELS=\"${models}\"" OBJECT_DEPENDS "${models}/tagger.bin;${models}/tagger_law.bin")
file(GLOB train CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/redaction/train/*.c")
add_executable(chatham-train ${train})
target_link_libraries(chatham-train PRIVATE chatham_redaction m)

chatham_room(protocol USES base crypto dp redaction)
chatham_room(transport USES base crypto dp redaction LIBRARIES PkgConfig::CURL)
chatham_room(ledger USES base crypto dp redaction)
chatham_room(insight USES base crypto dp redaction protocol ledger LIBRARIES m)
chatham_room(client USES base crypto dp redaction protocol transport ledger insight)
chatham_room(server USES base crypto dp redaction protocol transport ledger insight LIBRARIES PkgConfig::EVENT)
chatham_room(audits USES base crypto dp redaction protocol transport ledger insight client server LIBRARIES PkgConfig::BLAS m)

# The three programs: each main.c only calls into its room.
foreach(pair chatham:client chathamd:server chatham-audit:audits)
  string(REPLACE ":" ";" pair ${pair})
  list(GET pair 0 program)
  list(GET pair 1 room)
  if(EXISTS "${PROJECT_SOURCE_DIR}/${room}/main.c")
    add_executable(${program} ${room}/main.c)
    target_link_libraries(${program} PRIVATE chatham_${room})
    target_compile_options(${program} PRIVATE -fPIE)
    target_link_options(${program} PRIVATE -pie)
  endif()
endforeach()
