package io.trencadis.sql.catalog;

import java.util.List;

/// Where the rows of a table are on their way to while others use it: whoever changes a row does so
/// there, too, and nobody reads there yet.
///
/// @param owner the life of the node that moves them; see
///   [io.trencadis.sharding.Gateway#incarnation]
/// @param relationId the key prefix of the rows there
/// @param placement where they are to be
/// @param indexes all indexes as they are to be, the primary key's included
public record Relocation(
    long owner, int relationId, PlacementDescriptor placement, List<IndexDescriptor> indexes) {}
