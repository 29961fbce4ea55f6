/// Stands in for Chronicle's run-time compiler, which is left out of the dependencies: it costs
/// seconds, and does not even load on a runtime without the module `jdk.compiler`. What it would
/// compile for Chronicle Map is written by hand in `net.openhft.chronicle.hash`.
package net.openhft.compiler;
