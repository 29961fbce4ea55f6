/// One class that Chronicle Map looks for by name before it would write, and compile, Java at run
/// time: that takes seconds and a runtime with a compiler. Nothing else belongs here.
package net.openhft.chronicle.hash;
