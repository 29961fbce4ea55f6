package io.trencadis.sharding.rpc;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageCodec;
import java.util.List;

/// Frames, once their length is known.
final class FrameCodec extends ByteToMessageCodec<Frame> {
  @Override
  protected void encode(ChannelHandlerContext context, Frame frame, ByteBuf out) {
    frame.write(out);
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    // The decoder before this one hands over one frame at a time.
    out.add(Frame.read(in));
  }
}
