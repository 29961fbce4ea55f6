package io.trencadis.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.List;
import org.slf4j.Logger;

/// What is logged, and where: warnings and worse, on standard error. In code, since to read it from
/// XML takes a fifth of a start. `-Dlogback.configurationFile=FILE` has the last word.
@ConfiguratorRank(ConfiguratorRank.CUSTOM_TOP_PRIORITY)
public final class LogConfiguration extends ContextAwareBase implements Configurator {
  private static final List<String> UNREACHABLE =
      List.of("core.ReplicatorGroupImpl", "core.Replicator", "rpc.impl.AbstractClientService");

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    if (System.getProperty("logback.configurationFile") != null) {
      return ExecutionStatus.INVOKE_NEXT_IF_ANY;
    }
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern("%d{HH:mm:ss.SSS} %-5level %logger{0} - %msg%n");
    encoder.start();
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setContext(context);
    console.setName("stderr");
    console.setTarget("System.err");
    console.setEncoder(encoder);
    console.start();
    var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.WARN);
    root.addAppender(console);
    // What settings ask for (log_min_duration_statement) is wanted.
    context.getLogger("io.trencadis.sql.session.SlowStatements").setLevel(Level.INFO);
    // Chronicle warns that it will not bind threads to processors, which nobody asked it to.
    context.getLogger("net.openhft").setLevel(Level.ERROR);
    // JRaft warns of every vote that comes late, and of every start without a snapshot.
    context.getLogger("com.alipay.sofa.jraft").setLevel(Level.ERROR);
    // And it says twice a second and group that a node is gone, which the network says once.
    for (String name : UNREACHABLE) {
      context.getLogger("com.alipay.sofa.jraft." + name).setLevel(Level.OFF);
    }
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }
}
