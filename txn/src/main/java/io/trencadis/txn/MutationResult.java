package io.trencadis.txn;

/// What became of one [Mutation].
///
/// @param existing the live row that kept an [Mutation.Insert] from being applied, else null
public record MutationResult(byte[] existing) {
  /// The usual outcome.
  public static final MutationResult APPLIED = new MutationResult(null);

  public boolean applied() {
    return existing == null;
  }
}
