/// What a statement says, before anything is known about the objects it names: sealed interfaces
/// and records, one for each construct of PostgreSQL's SQL. Start at [Statement], [Query] and
/// [Expr].
///
/// *Position* (`pos`) is the zero-based UTF-16 offset in the statement's text that PostgreSQL would
/// point at for this node, or -1 where there is none. *Literal index* numbers the number and string
/// tokens of one statement from 0, in the order of the text; it is how a literal here is matched
/// with the literal that the fingerprint of the text lifted out. -1 marks a literal that no token
/// stands for.
///
/// Names are already folded and cut to 63 bytes. A list is never null, though it may be empty; a
/// part that was not written is null where its comment says so. Nothing here checks meaning: a tree
/// can name tables that do not exist. Trees can be deep on their left side (`1 + 1 + …`), so code
/// that walks them has to guard its own stack.
package io.trencadis.sql.ast;
