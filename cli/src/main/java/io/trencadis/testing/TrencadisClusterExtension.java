package io.trencadis.testing;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// A [TrencadisCluster] for all tests of a class, which get it as a parameter:
///
/// ```
/// @RegisterExtension
/// static final TrencadisClusterExtension CLUSTER = new TrencadisClusterExtension(3);
///
/// @Test
/// void survives(TrencadisCluster cluster) { … }
/// ```
///
/// Tests that share it leave it whole. To be registered as a static field.
public final class TrencadisClusterExtension
    implements BeforeAllCallback, AfterAllCallback, ParameterResolver {
  private final int nodes;
  private volatile TrencadisCluster cluster;

  /// @param nodes as for [TrencadisCluster#inProcess]
  public TrencadisClusterExtension(int nodes) {
    this.nodes = nodes;
  }

  /// The cluster, while tests run.
  public TrencadisCluster cluster() {
    return cluster;
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    cluster = TrencadisCluster.inProcess(nodes);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    if (cluster != null) {
      cluster.close();
      cluster = null;
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == TrencadisCluster.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return cluster;
  }
}
