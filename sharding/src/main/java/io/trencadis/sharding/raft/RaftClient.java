package io.trencadis.sharding.raft;

import com.alipay.sofa.jraft.ReplicatorGroup;
import com.alipay.sofa.jraft.error.InvokeTimeoutException;
import com.alipay.sofa.jraft.error.RemotingException;
import com.alipay.sofa.jraft.option.RpcOptions;
import com.alipay.sofa.jraft.rpc.InvokeCallback;
import com.alipay.sofa.jraft.rpc.InvokeContext;
import com.alipay.sofa.jraft.rpc.RpcClient;
import com.alipay.sofa.jraft.util.Endpoint;
import com.google.protobuf.Message;
import io.trencadis.sharding.rpc.RpcException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;

/// What a group sends through. All clients of a node share its [RaftTransport].
final class RaftClient implements RpcClient {
  private RaftTransport transport;

  void use(RaftTransport shared) {
    transport = shared;
  }

  @Override
  public boolean init(RpcOptions options) {
    return true;
  }

  @Override
  public void shutdown() {
    // The network is the node's.
  }

  @Override
  public boolean checkConnection(Endpoint endpoint) {
    return transport.isConnected(endpoint);
  }

  @Override
  public boolean checkConnection(Endpoint endpoint, boolean createIfAbsent) {
    return transport.isConnected(endpoint);
  }

  @Override
  public void closeConnection(Endpoint endpoint) {
    // Others use it, too.
  }

  @Override
  public void registerConnectEventListener(ReplicatorGroup group) {
    // A group that finds a node unreachable asks again by itself.
  }

  @Override
  public Object invokeSync(
      Endpoint endpoint, Object request, InvokeContext context, long timeoutMillis)
      throws InterruptedException, RemotingException {
    try {
      return transport.call(endpoint, (Message) request, timeoutMillis).get();
    } catch (ExecutionException failed) {
      throw translated(failed.getCause());
    }
  }

  @Override
  public void invokeAsync(
      Endpoint endpoint,
      Object request,
      InvokeContext context,
      InvokeCallback callback,
      long timeoutMillis) {
    CompletableFuture<Message> answer = transport.call(endpoint, (Message) request, timeoutMillis);
    Executor executor = callback.executor() == null ? transport.prompt() : callback.executor();
    answer.whenCompleteAsync(
        (message, failure) ->
            callback.complete(message, failure == null ? null : translated(failure)),
        executor);
  }

  private static RemotingException translated(Throwable failure) {
    Throwable why = failure.getCause() == null ? failure : failure.getCause();
    boolean timeout = why instanceof RpcException known && known.isTimeout();
    return timeout
        ? new InvokeTimeoutException(why.getMessage())
        : new RemotingException(why.getMessage());
  }
}
