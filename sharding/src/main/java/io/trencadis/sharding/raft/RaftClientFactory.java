package io.trencadis.sharding.raft;

import com.alipay.sofa.jraft.option.RpcOptions;
import com.alipay.sofa.jraft.rpc.RaftRpcFactory;
import com.alipay.sofa.jraft.rpc.RpcClient;
import com.alipay.sofa.jraft.rpc.RpcServer;
import com.alipay.sofa.jraft.util.Endpoint;
import com.alipay.sofa.jraft.util.SPI;

/// Has JRaft's groups talk over the project's own network. JRaft finds it by `META-INF/services`,
/// and has one for the whole process; which network a group uses is in its [GroupOptions].
@SPI(name = "trencadis", priority = 100)
public final class RaftClientFactory implements RaftRpcFactory {
  @Override
  public void registerProtobufSerializer(String className, Object... args) {
    // Messages travel with their names.
  }

  @Override
  public RpcClient createRpcClient(ConfigHelper<RpcClient> helper) {
    RaftClient client = new RaftClient();
    helper.config(client);
    return client;
  }

  @Override
  public ConfigHelper<RpcClient> defaultJRaftClientConfigHelper(RpcOptions options) {
    GroupOptions group = (GroupOptions) options;
    return client -> ((RaftClient) client).use(group.transport());
  }

  @Override
  public RpcServer createRpcServer(Endpoint endpoint, ConfigHelper<RpcServer> helper) {
    throw new UnsupportedOperationException("a node has one server");
  }
}
