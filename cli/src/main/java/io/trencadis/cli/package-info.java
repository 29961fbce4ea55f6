/// The program: what the command line says, and the wiring of a server out of its parts. Start at
/// [Main].
///
/// Everything a server consists of is constructed in [ServerAssembly], by calls of constructors;
/// nothing else in the project holds state in statics. Commands print what a person needs and
/// return an exit code.
package io.trencadis.cli;
