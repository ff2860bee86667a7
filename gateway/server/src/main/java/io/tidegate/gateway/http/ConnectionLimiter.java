package io.tidegate.gateway.http;

import akka.NotUsed;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.headers.Connection;
import akka.stream.javadsl.Flow;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Keeps some connections free for probes: whoever connects when {@code most} are open gets one answer and is hung up on, and
 * only the probes are answered as usual then. Thread-safe.
 *
 * @param most connections on which everything is answered
 */
record ConnectionLimiter(int most, AtomicInteger open) {

    /** So many connections beyond are accepted, for probes. */
    static final int RESERVED = 16;

    /** Whoever has one of those and asks nothing for so long is hung up on. */
    private static final Duration PROBE_TIME = Duration.ofSeconds(5);

    ConnectionLimiter(int most) {
        this(most, new AtomicInteger());
    }

    /** What answers one connection, which is counted from now on to its end. */
    Flow<HttpRequest, HttpResponse, NotUsed> flow(HttpServer.Handler all, HttpServer.Handler probes) {
        return Flow.fromMaterializer((materializer, attributes) -> {
                    boolean crowded = open.incrementAndGet() > most;
                    Flow<HttpRequest, HttpResponse, NotUsed> answers = crowded
                            ? Flow.of(HttpRequest.class)
                                    .takeWithin(PROBE_TIME)
                                    .mapAsync(1, probes::answer)
                                    .map(response -> response.addHeader(Connection.create("close")))
                            : Flow.of(HttpRequest.class).mapAsync(1, all::answer);
                    return answers.watchTermination((nothing, done) -> {
                        var unused = done.whenComplete((ended, failure) -> open.decrementAndGet());
                        return nothing;
                    });
                })
                .mapMaterializedValue(nothing -> NotUsed.getInstance());
    }
}
