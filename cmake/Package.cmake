# The packages: `./dev package` builds them with CPack, three .deb of one program each. Where a tool is missing (lowdown for the
# manual, dpkg for the bill of materials) its part is left out, with a message. Everything put into a package is made from the
# sources and SOURCE_DATE_EPOCH alone, so that two builds are the same bytes.
include(GNUInstallDirs)
find_program(LOWDOWN lowdown)
find_program(DPKG_QUERY dpkg-query)
set(CHATHAM_CONTACT "The Chatham maintainers <maintainers@chatham.invalid>" CACHE STRING "Maintainer: of the packages")
set(CHATHAM_PACKAGE_VERSION "${PROJECT_VERSION}" CACHE STRING "version of the packages")
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)
set(staged ${PROJECT_BINARY_DIR}/package)
set(moment $ENV{SOURCE_DATE_EPOCH})
if(NOT moment)
  set(moment 1000000000) # a build for trying: any time that is not this moment
endif()
execute_process(COMMAND date -u -d @${moment} +%Y-%m-%d OUTPUT_VARIABLE day OUTPUT_STRIP_TRAILING_WHITESPACE)
execute_process(COMMAND date -u -R -d @${moment} OUTPUT_VARIABLE changed OUTPUT_STRIP_TRAILING_WHITESPACE)
file(MAKE_DIRECTORY ${staged})

# chatham_package(PACKAGE PROGRAM): program, manual, copyright, changelog and bill of materials of one package.
function(chatham_package package program)
  set(documents ${CMAKE_INSTALL_DATADIR}/doc/${package})
  set(made ${staged}/${package})
  file(MAKE_DIRECTORY ${made})
  file(WRITE ${made}/changelog "${package} (${CHATHAM_PACKAGE_VERSION}) stable; urgency=medium\n\n  * Version ${CHATHAM_PACKAGE_VERSION}.\n\n -- ${CHATHAM_CONTACT}  ${changed}\n")
  add_custom_command(OUTPUT ${made}/${program} ${made}/changelog.gz DEPENDS ${program} VERBATIM
    COMMAND ${CMAKE_STRIP} --strip-all --remove-section=.comment -o ${made}/${program} $<TARGET_FILE:${program}>
    COMMAND sh -c "gzip -9nc changelog >changelog.gz" WORKING_DIRECTORY ${made})
  set(files ${made}/${program} ${made}/changelog.gz)
  install(PROGRAMS ${made}/${program} DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT ${package})
  install(FILES ${made}/changelog.gz ${PROJECT_SOURCE_DIR}/deploy/debian/copyright DESTINATION ${documents} COMPONENT ${package})
  if(LOWDOWN)
    set(page ${PROJECT_SOURCE_DIR}/docs/man/${program}.1.md)
    add_custom_command(OUTPUT ${made}/${program}.1.gz DEPENDS ${page} ${PROJECT_SOURCE_DIR}/deploy/man.sh VERBATIM
      COMMAND bash -c "set -o pipefail; bash '${PROJECT_SOURCE_DIR}/deploy/man.sh' '${page}' ${day} | gzip -9n >${program}.1.gz" WORKING_DIRECTORY ${made})
    list(APPEND files ${made}/${program}.1.gz)
    install(FILES ${made}/${program}.1.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT ${package})
  endif()
  if(DPKG_QUERY)
    add_custom_command(OUTPUT ${made}/sbom.cdx.json DEPENDS ${made}/${program} ${PROJECT_SOURCE_DIR}/deploy/sbom.sh VERBATIM
      COMMAND bash -c "SOURCE_DATE_EPOCH=${moment} bash '${PROJECT_SOURCE_DIR}/deploy/sbom.sh' ${package} ${CHATHAM_PACKAGE_VERSION} '${CHATHAM_SQLCIPHER_NOTE}' ${made}/${program} >sbom.cdx.json" WORKING_DIRECTORY ${made})
    list(APPEND files ${made}/sbom.cdx.json)
    install(FILES ${made}/sbom.cdx.json DESTINATION ${documents} COMPONENT ${package})
  endif()
  add_custom_target(package-${package} DEPENDS ${files})
  add_dependencies(package-files package-${package})
endfunction()

add_custom_target(package-files)
chatham_package(chatham chatham)
chatham_package(chatham-server chathamd)
chatham_package(chatham-audit chatham-audit)

set(units ${PROJECT_SOURCE_DIR}/deploy)
install(FILES ${units}/chathamd.service ${units}/chathamd.socket ${units}/chathamd-metrics.socket
              ${units}/chathamd-backup.service ${units}/chathamd-backup.timer
        DESTINATION lib/systemd/system COMPONENT chatham-server)
install(FILES ${units}/chatham.sysusers DESTINATION lib/sysusers.d RENAME chatham.conf COMPONENT chatham-server)
install(FILES ${units}/chatham.tmpfiles DESTINATION lib/tmpfiles.d RENAME chatham.conf COMPONENT chatham-server)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME chatham)
set(CPACK_PACKAGE_VENDOR "")
set(CPACK_PACKAGE_VERSION ${CHATHAM_PACKAGE_VERSION})
set(CPACK_PACKAGE_CONTACT ${CHATHAM_CONTACT})
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_PACKAGE_DIRECTORY ${PROJECT_BINARY_DIR})
set(CPACK_PRE_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/cmake/PackageTimes.cmake)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_COMPONENTS_ALL chatham chatham-server chatham-audit)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_ENABLE_COMPONENT_DEPENDS OFF)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_CHATHAM_PACKAGE_NAME chatham)
set(CPACK_DEBIAN_CHATHAM_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_CHATHAM-SERVER_PACKAGE_NAME chatham-server)
set(CPACK_DEBIAN_CHATHAM-SERVER_PACKAGE_SECTION net)
set(CPACK_DEBIAN_CHATHAM-SERVER_PACKAGE_DEPENDS "systemd | systemd-standalone-sysusers | systemd-sysusers, passwd")
set(CPACK_DEBIAN_CHATHAM-SERVER_PACKAGE_CONTROL_EXTRA "${units}/debian/postinst;${units}/debian/prerm;${units}/debian/postrm")
set(CPACK_DEBIAN_CHATHAM-AUDIT_PACKAGE_NAME chatham-audit)
set(CPACK_DEBIAN_CHATHAM-AUDIT_PACKAGE_SECTION utils)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "")
set(CPACK_COMPONENT_CHATHAM_DESCRIPTION "client of federations that share what agents learned
Scrubs agents' traces on this machine, seals what was learned from them,
uploads it to a federation's server, and pulls and searches the library
of insights that many organisations made together.")
set(CPACK_COMPONENT_CHATHAM-SERVER_DESCRIPTION "server of federations that share what agents learned
Takes sealed contributions of member organisations into encrypted stores,
a key for each, aggregates them, and publishes a signed library of
insights with a transparency log. Comes with confined systemd units;
founds no federation by itself.")
set(CPACK_COMPONENT_CHATHAM-AUDIT_DESCRIPTION "attacks on what federations of agents let out
Runs attacks on everything that crosses a trust boundary of Chatham and
reports, with intervals, how much leaks.")
include(CPack)
