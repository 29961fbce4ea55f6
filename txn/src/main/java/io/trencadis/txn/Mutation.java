package io.trencadis.txn;

import java.util.Objects;

/// One write, waiting in a transaction until it commits.
///
/// `unlocked` leaves out the row lock. The caller then vouches that no other transaction can write
/// the key before this one ends: the relation is held exclusively or was created by this
/// transaction, or an exclusive lock on another key covers this one (the row's lock covers its
/// entries in a non-unique index).
public sealed interface Mutation {
  byte[] key();

  boolean unlocked();

  /// Writes the row whatever was there.
  record Put(byte[] key, byte[] value, boolean unlocked) implements Mutation {
    public Put {
      Objects.requireNonNull(value);
    }

    public Put(byte[] key, byte[] value) {
      this(key, value, false);
    }
  }

  /// Removes the row; removing one that is not there is no error.
  record Delete(byte[] key, boolean unlocked) implements Mutation {
    public Delete(byte[] key) {
      this(key, false);
    }
  }

  /// Writes the row unless a live one is there: then the result carries that one, and nothing is
  /// written.
  record Insert(byte[] key, byte[] value, boolean unlocked) implements Mutation {
    public Insert {
      Objects.requireNonNull(value);
    }

    public Insert(byte[] key, byte[] value) {
      this(key, value, false);
    }
  }
}
