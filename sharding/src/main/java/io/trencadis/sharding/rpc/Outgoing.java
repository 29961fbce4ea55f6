package io.trencadis.sharding.rpc;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslClosedEngineException;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLException;

/// A connection that this node has made to another.
final class Outgoing extends SimpleChannelInboundHandler<Frame> {
  private final NodeRpc rpc;
  private final Peer peer;
  private final int node;
  private boolean greeted;

  Outgoing(NodeRpc rpc, Peer peer, int node) {
    this.rpc = rpc;
    this.peer = peer;
    this.node = node;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    // With TLS this waits for the handshake.
    context.writeAndFlush(
        new Hello(NodeRpc.VERSION, rpc.self(), Math.max(node, NodeRpc.NOBODY)).frame(peer.lane()));
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof SslHandshakeCompletionEvent handshake && !handshake.isSuccess()) {
      exceptionCaught(context, handshake.cause());
    }
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, Frame frame) {
    switch (frame.kind()) {
      case HELLO -> {
        String refusal = Hello.read(frame.body()).refusal(rpc.self());
        if (refusal != null || greeted) {
          peer.failed(refusal);
          context.close();
          return;
        }
        greeted = true;
        peer.connected(context.channel());
      }
      case ANSWER -> peer.answered(frame);
      case REFUSED -> {
        peer.refused(new String(frame.body(), StandardCharsets.UTF_8));
        context.close();
      }
      default -> context.close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    peer.lost(context.channel());
    peer.disconnected(context.channel(), "the connection to " + rpc.name(node) + " broke");
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    Throwable tls = cause instanceof DecoderException ? cause.getCause() : cause;
    if (tls instanceof SSLException && !(tls instanceof SslClosedEngineException)) {
      peer.refused("its certificate or this node's is not accepted: " + tls.getMessage());
    } else {
      peer.failed(cause.getMessage());
    }
    context.close();
  }
}
