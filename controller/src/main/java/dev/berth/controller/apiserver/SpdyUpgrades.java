package dev.berth.controller.apiserver;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;

/// Lets a POST leave HTTP for SPDY, as kubectl asks it. Vert.x (5.2, `isConnectOrUpgrade`) hands a
/// connection over for a GET only, though RFC 9110, 7.8 allows an upgrade with any method: such a
/// request becomes a GET as soon as it is read. Nothing depends on which it was: these requests
/// have no body, and what they may do is asked with the verb `create` either way.
@Sharable
final class SpdyUpgrades extends ChannelInboundHandlerAdapter {
  private static final String HTTP_1_DECODER = "httpDecoder";
  private static final SpdyUpgrades INSTANCE = new SpdyUpgrades();

  private SpdyUpgrades() {}

  /// On the event loop, for a connection that is new.
  static void allow(HttpConnection connection) {
    if (connection instanceof ConnectionBase base) {
      ChannelPipeline pipeline = base.channel().pipeline();
      if (pipeline.get(HTTP_1_DECODER) != null) {
        pipeline.addAfter(HTTP_1_DECODER, "spdyUpgrades", INSTANCE);
      }
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof HttpRequest request
        && request.method().equals(HttpMethod.POST)
        && Streams.SPDY.equalsIgnoreCase(request.headers().get(HttpHeaderNames.UPGRADE))) {
      request.setMethod(HttpMethod.GET);
    }
    context.fireChannelRead(message);
  }
}
