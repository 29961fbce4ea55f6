package io.trencadis.cli.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.concurrent.Future;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers one connection's requests, one after the other. Pages are made on virtual threads, so
/// that one which takes long keeps no probe waiting. Confined to the channel's event loop.
final class RequestHandler extends SimpleChannelInboundHandler<HttpObject> {
  private static final Logger log = LoggerFactory.getLogger(RequestHandler.class);

  private final Map<String, Page> pages;
  private final long requestMillis;
  private Future<?> deadline;
  private HttpRequest request;
  private boolean answering;
  private boolean ended;

  RequestHandler(Map<String, Page> pages, long requestMillis) {
    this.pages = pages;
    this.requestMillis = requestMillis;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    awaitRequest(ctx);
  }

  private void awaitRequest(ChannelHandlerContext ctx) {
    deadline =
        ctx.executor()
            .schedule(
                () -> {
                  ctx.close();
                },
                requestMillis,
                TimeUnit.MILLISECONDS);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    ended = true;
    deadline.cancel(false);
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, HttpObject message) {
    if (ended) {
      return;
    }
    if (message.decoderResult().isFailure()) {
      Throwable why = message.decoderResult().cause();
      last(ctx, badRequest(why));
      return;
    }
    if (answering) {
      // Who does not wait for the answer gets none to the next request.
      ended = true;
      ctx.close();
      return;
    }
    if (message instanceof HttpRequest begun) {
      request = begun;
    }
    if (message instanceof HttpContent content && content.content().isReadable()) {
      last(ctx, Answer.text(413, "a request has no body here"));
      return;
    }
    if (message instanceof LastHttpContent) {
      deadline.cancel(false);
      answer(ctx);
    }
  }

  private static Answer badRequest(Throwable why) {
    return switch (why) {
      case TooLongHttpLineException _ -> Answer.text(414, "the request line is too long");
      case TooLongHttpHeaderException _ -> Answer.text(431, "the headers are too long");
      case TooLongFrameException _ -> Answer.text(431, "the request is too long");
      default -> Answer.text(400, "this is not an HTTP request");
    };
  }

  private void answer(ChannelHandlerContext ctx) {
    HttpMethod method = request.method();
    if (!method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD)) {
      last(ctx, Answer.text(405, "only GET and HEAD are understood here"));
      return;
    }
    String target = request.uri();
    int query = target.indexOf('?');
    Page page = pages.get(query < 0 ? target : target.substring(0, query));
    if (page == null) {
      send(ctx, Answer.text(404, "there is no such page"), false);
      return;
    }
    answering = true;
    Thread.ofVirtual()
        .name("http-page")
        .start(
            () -> {
              Answer answer = made(page);
              ctx.executor()
                  .execute(
                      () -> {
                        answering = false;
                        if (!ended) {
                          send(ctx, answer, false);
                        }
                      });
            });
  }

  private static Answer made(Page page) {
    try {
      return page.answer();
    } catch (RuntimeException | Error e) {
      log.warn("a page could not be made", e);
      return Answer.text(500, "the page could not be made; the server's log says why");
    }
  }

  /// Answers, and closes: what follows on the connection cannot be trusted to begin a request.
  private void last(ChannelHandlerContext ctx, Answer answer) {
    ended = true;
    deadline.cancel(false);
    send(ctx, answer, true);
  }

  private void send(ChannelHandlerContext ctx, Answer answer, boolean close) {
    boolean head = request != null && request.method().equals(HttpMethod.HEAD);
    ByteBuf body = ByteBufUtil.writeUtf8(ctx.alloc(), answer.body());
    int length = body.readableBytes();
    if (head) {
      body.release();
      body = Unpooled.EMPTY_BUFFER;
    }
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(answer.status()), body);
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, answer.type())
        .set(HttpHeaderNames.CONTENT_LENGTH, length)
        .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE);
    if (answer.status() == 405) {
      response.headers().set(HttpHeaderNames.ALLOW, "GET, HEAD");
    }
    boolean keep = !close && HttpUtil.isKeepAlive(request);
    HttpUtil.setKeepAlive(response, keep);
    request = null;
    var written = ctx.writeAndFlush(response);
    if (keep) {
      awaitRequest(ctx);
    } else {
      ended = true;
      written.addListener(ChannelFutureListener.CLOSE);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    log.debug("an HTTP connection was lost", cause);
    ctx.close();
  }
}
