package io.tidegate.processor.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves pages to {@code GET} on two threads of its own. Port 0 takes any free one. */
public final class HttpEndpoint implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HttpEndpoint.class);

    private final HttpServer server;
    private final ExecutorService threads;

    private HttpEndpoint(HttpServer server, ExecutorService threads) {
        this.server = server;
        this.threads = threads;
    }

    /**
     * Binds and serves.
     *
     * @param pages by path, {@code "/livez"}; called on the server's threads, for every request
     * @throws IOException when the address can't be bound
     */
    public static HttpEndpoint start(InetSocketAddress address, Map<String, Supplier<Reply>> pages) throws IOException {
        HttpServer server = HttpServer.create(address, 16);
        ExecutorService threads = Executors.newFixedThreadPool(2, HttpEndpoint::daemon);
        Map<String, Supplier<Reply>> known = Map.copyOf(pages);
        server.setExecutor(threads);
        server.createContext("/", exchange -> serve(exchange, known));
        server.start();
        return new HttpEndpoint(server, threads);
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "http");
        thread.setDaemon(true);
        return thread;
    }

    private static void serve(HttpExchange exchange, Map<String, Supplier<Reply>> pages) throws IOException {
        try (exchange) {
            Reply reply = reply(exchange, pages);
            byte[] body = reply.body().getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", reply.contentType());
            boolean headOnly = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(reply.status(), headOnly ? -1 : body.length);
            if (!headOnly) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    private static Reply reply(HttpExchange exchange, Map<String, Supplier<Reply>> pages) {
        if (!exchange.getRequestMethod().matches("GET|HEAD")) {
            return Reply.json(405, Map.of("error", "only GET is answered here"));
        }
        Supplier<Reply> page = pages.get(exchange.getRequestURI().getPath());
        if (page == null) {
            return Reply.json(404, Map.of("error", "no such page", "pages", new TreeSet<>(pages.keySet())));
        }
        try {
            return page.get();
        } catch (RuntimeException e) {
            LOG.warn("{} failed", exchange.getRequestURI().getPath(), e);
            return Reply.json(500, Map.of("error", String.valueOf(e.getMessage())));
        }
    }

    /** Stops at once. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
