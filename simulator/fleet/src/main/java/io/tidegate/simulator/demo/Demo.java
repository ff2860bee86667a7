package io.tidegate.simulator.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.mqtt.MqttEndpoint;
import io.tidegate.mqtt.MqttTransport;
import io.tidegate.simulator.demo.Chain.Stopped;
import io.tidegate.simulator.watch.ResultFeed;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One demo from start to end.
 *
 * <pre>
 *   starting ──gateway ready──▶ sending ──time over or Ctrl-C──▶ draining ──caught up──▶ stopped
 *      │                           │                                │
 *      └──────── a program ended, or time ran out: failed ◀─────────┘
 * </pre>
 *
 * Used once, by one thread.
 */
final class Demo {
    private static final Duration START_PATIENCE = Duration.ofMinutes(2);
    private static final Duration DRAIN_PATIENCE = Duration.ofSeconds(90);
    private static final long LOOK_AROUND_MS = 250;
    private static final int LAST_LINES = 25;

    private final Workplace workplace;
    private final Chain chain;
    private final Screen screen;
    private final Duration length;
    private final CountDownLatch stop;
    private final Endpoint gateway;
    private final Endpoint processor;
    private List<String> summary = List.of();

    /**
     * Nothing is started yet.
     *
     * @param length how long the fleet sends; zero: until the latch falls
     * @param stop falls when the demo shall end
     */
    Demo(Workplace workplace, Chain chain, Screen screen, Duration length, CountDownLatch stop) {
        this.workplace = workplace;
        this.chain = chain;
        this.screen = screen;
        this.length = length;
        this.stop = stop;
        this.gateway = workplace.gatewayPages();
        this.processor = workplace.processorPages();
    }

    /** Runs it; true when everything worked and stopped cleanly and the books balance. */
    boolean run() throws IOException, InterruptedException {
        CountDownLatch feedEnds = new CountDownLatch(1);
        Thread feed = new Thread(() -> feed(feedEnds), "results");
        feed.setDaemon(true);
        boolean well = false;
        try {
            chain.start(workplace.processor());
            feed.start();
            well = await("the gateway", START_PATIENCE) && sendAndDrain();
        } finally {
            for (Stopped unclean : chain.stopAll()) {
                screen.say("not stopped cleanly: " + unclean.ending());
                well = false;
            }
            feedEnds.countDown();
            feed.join();
            summary.forEach(screen::say);
        }
        return well;
    }

    private void feed(CountDownLatch ends) {
        MqttEndpoint endpoint =
                MqttEndpoint.results(URI.create(workplace.broker()), "tidegate-demo-" + UUID.randomUUID());
        try {
            new ResultFeed(MqttTransport.paho(), endpoint, "tidegate/#", screen::show, notice -> {}).run(ends);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until the gateway takes events; false when the demo is to end instead. */
    private boolean await(String what, Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!gateway.isReady()) {
            if (stop.await(LOOK_AROUND_MS, TimeUnit.MILLISECONDS)) {
                screen.say("stopped before it began");
                return true;
            }
            if (System.nanoTime() > deadline) {
                screen.say(what + " is not ready after " + patience.toSeconds() + " s, see its log");
                return false;
            }
            if (tellOfTheDead()) {
                return false;
            }
        }
        return true;
    }

    private boolean sendAndDrain() throws IOException, InterruptedException {
        if (stop.getCount() == 0) {
            return true;
        }
        chain.startFleet();
        long began = System.nanoTime();
        while (!isOver(began) && !stop.await(LOOK_AROUND_MS, TimeUnit.MILLISECONDS)) {
            if (tellOfTheDead()) {
                return false;
            }
        }
        screen.say("stopping: the fleet first, then the rest of the chain");
        Stopped fleet = chain.stopLast();
        boolean caughtUp = drain();
        Books books = books();
        summary = summary(fleet, books);
        return fleet.clean() && caughtUp && books.balance();
    }

    private boolean isOver(long began) {
        return !length.isZero() && System.nanoTime() - began >= length.toNanos();
    }

    /** Waits until every query has accounted for everything in the log. */
    private boolean drain() throws InterruptedException {
        long deadline = System.nanoTime() + DRAIN_PATIENCE.toNanos();
        long ahead = books().ahead();
        while (ahead != 0 && System.nanoTime() < deadline) {
            if (tellOfTheDead()) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_AROUND_MS);
            ahead = books().ahead();
        }
        if (ahead != 0) {
            screen.say("the processor did not catch up within " + DRAIN_PATIENCE.toSeconds() + " s; see its log");
        }
        return ahead == 0;
    }

    private Books books() throws InterruptedException {
        return Books.of(gateway.get("/ledger"), processor.get("/ledger"), processor.get("/queries"));
    }

    private boolean tellOfTheDead() {
        Optional<Program> dead = chain.dead();
        dead.ifPresent(program -> {
            screen.say(program.ending() + "; the last it said:");
            program.lastLines(LAST_LINES).forEach(line -> screen.say("  " + line));
        });
        return dead.isPresent();
    }

    private List<String> summary(Stopped fleet, Books books) {
        List<String> lines = new ArrayList<>(List.of(
                "",
                "fleet      " + String.join("\n           ", fleet.lastLines()),
                String.format(
                        Locale.ROOT,
                        "gateway    received %,d = logged %,d + duplicates removed %,d + dead letters %,d"
                                + " + presence %,d; residual %s",
                        books.received(),
                        books.logged(),
                        books.duplicates(),
                        books.deadLetters(),
                        books.presence(),
                        books.gateway().path("residual").asText("unknown")),
                String.format(
                        Locale.ROOT,
                        "processor  sessions opened %,d, closed %,d; results seen %,d; residual %s",
                        screen.sessionsOpened(),
                        screen.sessionsClosed(),
                        screen.results(),
                        books.processor().path("residual").asText("unknown"))));
        for (JsonNode query : books.inSql()) {
            JsonNode progress = query.path("progress");
            lines.add(String.format(
                    Locale.ROOT,
                    "sql        %s: %,d rows read, %,d behind the watermark; into %s",
                    query.path("name").asText(),
                    progress.path("rowsSinceStart").longValue(),
                    progress.path("lateSinceStart").longValue(),
                    String.join(" and ", texts(query.path("to")))));
        }
        return lines;
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(text -> texts.add(text.asText()));
        return texts;
    }
}
