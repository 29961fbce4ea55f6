package io.trencadis.sharding.rpc;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.nio.charset.StandardCharsets;

/// A connection that another node has made to this one.
final class Incoming extends SimpleChannelInboundHandler<Frame> {
  private static final System.Logger LOG = System.getLogger(Incoming.class.getName());

  private final NodeRpc rpc;
  private int from = NodeRpc.NOBODY;
  private boolean greeted;

  Incoming(NodeRpc rpc) {
    this.rpc = rpc;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    rpc.opened(context.channel());
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, Frame frame) {
    if (!greeted) {
      greet(context, frame);
      return;
    }
    if (rpc.isCut(from)) {
      return;
    }
    if (rpc.refused(from) != null) {
      context.close();
      return;
    }
    RpcHandler handler = rpc.handler(frame.service());
    switch (frame.kind()) {
      case MESSAGE -> handler.message(from, frame.body());
      case CALL -> {
        Channel channel = context.channel();
        handler.call(
            from,
            this,
            frame.body(),
            answer -> {
              if (!rpc.isCut(from)) {
                Frame back = new Frame(Frame.Kind.ANSWER, frame.service(), frame.call(), answer);
                rpc.counters().sent(back);
                channel.writeAndFlush(back, channel.voidPromise());
              }
            });
      }
      default -> context.close();
    }
  }

  private void greet(ChannelHandlerContext context, Frame frame) {
    if (frame.kind() != Frame.Kind.HELLO) {
      context.close();
      return;
    }
    Hello hello = Hello.read(frame.body());
    String refusal = hello.refusal(rpc.self());
    if (refusal == null) {
      refusal = rpc.refused(hello.from().node());
    }
    if (refusal != null) {
      rpc.tellRefused(hello.from().node(), refusal);
      context
          .writeAndFlush(
              new Frame(
                  Frame.Kind.REFUSED, Service.META, 0, refusal.getBytes(StandardCharsets.UTF_8)))
          .addListener(ChannelFutureListener.CLOSE);
      return;
    }
    from = hello.from().node();
    greeted = true;
    Lane lane = Lane.of(frame.service());
    Frame answer = new Hello(NodeRpc.VERSION, rpc.self(), from).frame(lane);
    if (lane == Lane.REST) {
      context.writeAndFlush(answer);
    } else {
      // Nothing else comes before the answer.
      move(context.channel(), lane, answer);
    }
  }

  /// Has the threads of a lane serve a connection, which were not known when it was accepted.
  private void move(Channel channel, Lane lane, Frame answer) {
    channel
        .deregister()
        .addListener(
            _ ->
                rpc.loops(lane)
                    .register(channel)
                    .addListener(
                        moved -> {
                          if (moved.isSuccess()) {
                            channel.writeAndFlush(answer);
                          } else {
                            channel.close();
                          }
                        }));
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    rpc.closed(context.channel());
    if (greeted) {
      for (Service service : Service.values()) {
        RpcHandler handler = rpc.handler(service);
        if (handler != null) {
          handler.closed(from, this);
        }
      }
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    LOG.log(System.Logger.Level.DEBUG, "a connection from node " + from + " broke", cause);
    context.close();
  }
}
