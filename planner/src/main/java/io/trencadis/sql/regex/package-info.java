/// PostgreSQL's regular expressions (manual, 9.7.3): Henry Spencer's "advanced" ones, POSIX
/// extended and basic ones, and plain strings.
///
/// Start at [Regex]. A [RegexParser] makes a tree of [Node]s; an [Nfa] of the tree is run by a
/// [Dfa], whose states are made when they are first needed. That finds out in linear time whether
/// there is a match and from where to where the first one goes. What the parts of a match are is
/// then found by a [Dissection], which asks the automata of smaller and smaller parts of the tree.
/// Only back-references can make that more than a walk: they are tried out.
///
/// Positions are those of a string's UTF-16 units; what matches is whole characters. Nothing here
/// knows of SQL's functions.
package io.trencadis.sql.regex;
