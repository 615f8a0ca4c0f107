# How everything of ours is compiled, and three helpers:
#
#   renraku_library(NAME   SOURCES a.c … LINKS renraku-base crypto …)   a static library
#   renraku_program(NAME   SOURCES …     LINKS …)                       a program, in BUILD/bin
#   renraku_unit_test(NAME SOURCES …     LINKS … [LABELS …])            a cmocka test, in BUILD/tests, known to CTest as NAME
#
# LINKS takes our targets or plain library names (ssl crypto event_core event_openssl sqlite3 yaml protobuf-c sodium …). Sources
# are relative to the folder that calls. Includes start at proto/, server/, client/ and tests/ ("engine/state.h").
#
# renraku.pb-c.[ch] and record.pb-c.[ch] are generated into BUILD/generated; renraku-wire and renraku-record carry their objects.

if(NOT CMAKE_BUILD_TYPE)
	set(CMAKE_BUILD_TYPE Release CACHE STRING "Release or Debug" FORCE)
endif()
option(RENRAKU_SANITIZE "AddressSanitizer and UBSan" OFF)

set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
# No -DNDEBUG in any build: an assertion is a programmer's error, and continuing would put a wrong record into the log.
set(CMAKE_C_FLAGS_RELEASE "-O2 -g")
set(CMAKE_C_FLAGS_RELWITHDEBINFO "-O2 -g")
set(CMAKE_C_FLAGS_DEBUG "-O1 -g")
# Empty value: the same definition as a plain `#define _GNU_SOURCE` in a file.
add_compile_definitions(_GNU_SOURCE=)

set(RENRAKU_WARNINGS -Wall -Wextra -Wpedantic -Wconversion -Wshadow=local -Wformat=2 -Wstrict-prototypes -Wmissing-prototypes -Werror)

# OpenSSF Compiler Options Hardening Guide; what this compiler or this machine does not know is left out.
include(CheckCCompilerFlag)
include(CheckPIESupported)
check_pie_supported(LANGUAGES C)
set(RENRAKU_HARDENING -fstack-protector-strong -fno-delete-null-pointer-checks -fno-strict-overflow -fno-strict-aliasing)
foreach(flag -fstack-clash-protection -fcf-protection=full -mbranch-protection=standard -ftrivial-auto-var-init=zero)
	string(MAKE_C_IDENTIFIER "HAVE${flag}" have)
	check_c_compiler_flag(${flag} ${have})
	if(${have})
		list(APPEND RENRAKU_HARDENING ${flag})
	endif()
endforeach()
if(RENRAKU_SANITIZE)
	# float-divide and friends stay off; everything reported is fatal, so that a test cannot pass over it.
	add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
	add_link_options(-fsanitize=address,undefined)
elseif(CMAKE_BUILD_TYPE STREQUAL "Release")
	add_compile_options(${RENRAKU_HARDENING} -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
	add_link_options(-Wl,-z,relro,-z,now,-z,noexecstack,--as-needed)
endif()

# ---- generated codecs ----

set(RENRAKU_GENERATED "${CMAKE_BINARY_DIR}/generated")
file(MAKE_DIRECTORY "${RENRAKU_GENERATED}")
find_program(PROTOC_C NAMES protoc-c REQUIRED)

# renraku_proto(NAME): object library NAME-pb from proto/NAME.proto. Its code is not ours, so our warnings do not apply.
function(renraku_proto name)
	set(out "${RENRAKU_GENERATED}/${name}.pb-c")
	add_custom_command(OUTPUT "${out}.c" "${out}.h"
		COMMAND "${PROTOC_C}" "--c_out=${RENRAKU_GENERATED}" "-I${CMAKE_SOURCE_DIR}/proto" "${CMAKE_SOURCE_DIR}/proto/${name}.proto"
		DEPENDS "${CMAKE_SOURCE_DIR}/proto/${name}.proto" VERBATIM)
	add_custom_target("${name}-pb-generated" DEPENDS "${out}.c" "${out}.h")
	add_library("${name}-pb" OBJECT "${out}.c")
	target_include_directories("${name}-pb" SYSTEM PRIVATE "${RENRAKU_GENERATED}")
	add_dependencies("${name}-pb" "${name}-pb-generated")
endfunction()
renraku_proto(renraku)
renraku_proto(record)
# Which library carries which codec.
set(RENRAKU_CODEC_renraku-wire renraku-pb)
set(RENRAKU_CODEC_renraku-record record-pb)

# ---- helpers ----

function(renraku_target name)
	cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINKS;LABELS")
	target_compile_options(${name} PRIVATE ${RENRAKU_WARNINGS})
	target_include_directories(${name} PRIVATE "${CMAKE_SOURCE_DIR}/proto" "${CMAKE_SOURCE_DIR}/server" "${CMAKE_SOURCE_DIR}/client" "${CMAKE_SOURCE_DIR}/tests")
	target_include_directories(${name} SYSTEM PRIVATE "${RENRAKU_GENERATED}")
	target_compile_definitions(${name} PRIVATE RENRAKU_VERSION="${PROJECT_VERSION}")
	add_dependencies(${name} renraku-pb-generated record-pb-generated)
	if(arg_LINKS)
		target_link_libraries(${name} ${arg_LINKS})
	endif()
endfunction()

function(renraku_library name)
	cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINKS")
	add_library(${name} STATIC ${arg_SOURCES})
	renraku_target(${name} ${ARGN})
	if(DEFINED RENRAKU_CODEC_${name})
		target_sources(${name} PRIVATE $<TARGET_OBJECTS:${RENRAKU_CODEC_${name}}>)
		target_link_libraries(${name} protobuf-c)
	endif()
endfunction()

function(renraku_program name)
	cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINKS")
	add_executable(${name} ${arg_SOURCES})
	renraku_target(${name} ${ARGN})
	set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
endfunction()

function(renraku_unit_test name)
	cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINKS;LABELS")
	if(NOT BUILD_TESTING)
		return()
	endif()
	add_executable(${name} ${arg_SOURCES})
	renraku_target(${name} ${ARGN})
	target_link_libraries(${name} cmocka)
	set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests")
	add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}")
	set_tests_properties(${name} PROPERTIES TIMEOUT 300 LABELS "${arg_LABELS}")
endfunction()

# renraku_script_test(NAME SCRIPT [ARG …] [LABELS …]): a whole-process test. It finds the programs in $RENRAKU_BIN.
function(renraku_script_test name)
	cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "LABELS")
	add_test(NAME ${name} COMMAND ${arg_UNPARSED_ARGUMENTS} WORKING_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}")
	set_tests_properties(${name} PROPERTIES TIMEOUT 600 LABELS "${arg_LABELS}"
		ENVIRONMENT "RENRAKU_BIN=${CMAKE_BINARY_DIR}/bin;RENRAKU_BUILD=${CMAKE_BINARY_DIR};RENRAKU_SOURCE=${CMAKE_SOURCE_DIR}")
endfunction()

# Adds those of the folders that have a CMakeLists.txt.
function(renraku_subdirectories)
	foreach(folder ${ARGN})
		if(EXISTS "${CMAKE_CURRENT_SOURCE_DIR}/${folder}/CMakeLists.txt")
			add_subdirectory(${folder})
		endif()
	endforeach()
endfunction()
