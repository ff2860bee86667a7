package io.tidegate.simulator.web;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Random;

/**
 * Every line that a web server logs, in the combined format and in order. Pure: equal shapes, seeds and starts give equal
 * plans. Without a length it never ends. Not thread-safe.
 */
public final class WebPlan implements Iterator<LogLine> {

    /** So many visitors have different addresses although two in three have one of 256. */
    private static final int IPV4_VISITORS = 768;

    private static final List<String> PEOPLE = List.of(
            "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0"
                    + " Safari/537.36",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
                    + " Version/17.6 Mobile/15E148 Safari/604.1",
            "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile"
                    + " Safari/537.36");
    private static final List<String> ROBOTS = List.of(
            "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
            "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)");
    private static final List<String> SECTIONS = List.of("articles", "images", "shop", "blog", "about");

    private final WebShape shape;
    private final long startMs;
    private final long lengthMs;
    private final Random chance;
    private final double[] popularity;
    private double nextMs;

    private WebPlan(WebShape shape, long seed, Instant start, Duration length) {
        this.shape = shape;
        this.startMs = start.toEpochMilli();
        this.lengthMs = length.isZero() ? Long.MAX_VALUE : length.toMillis();
        this.chance = new Random(seed);
        this.popularity = popularity(shape.pages(), shape.skew());
    }

    /**
     * A plan.
     *
     * @param start event time of the first line
     * @param length when it ends; zero: never
     */
    public static WebPlan of(WebShape shape, long seed, Instant start, Duration length) {
        return new WebPlan(shape, seed, start, length);
    }

    @Override
    public boolean hasNext() {
        return nextMs < lengthMs;
    }

    @Override
    public LogLine next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the plan is over");
        }
        long offsetMs = (long) nextMs;
        double rate =
                shape.bursts().isOn(offsetMs) ? shape.rate() * shape.bursts().factor() : shape.rate();
        nextMs += 1_000 / rate;
        LogEntry entry = entry(offsetMs);
        String line = line(entry);
        return chance.nextDouble() < shape.damaged()
                ? new LogLine(offsetMs, damaged(line), Optional.empty(), true)
                : new LogLine(offsetMs, line, Optional.of(entry), false);
    }

    private LogEntry entry(long offsetMs) {
        int visitor = visitor(offsetMs);
        int page = page();
        int status = status(page);
        List<String> agents = isRobot(visitor) ? ROBOTS : PEOPLE;
        return new LogEntry(
                client(visitor),
                Math.floorDiv(startMs + offsetMs, 1_000L) * 1_000,
                chance.nextInt(20) == 0 ? "POST" : "GET",
                page == 0 ? "/" : "/" + SECTIONS.get(page % SECTIONS.size()) + "/" + page + ".html",
                status,
                status == 304 ? 0 : 500 + 137L * page,
                agents.get(visitor % agents.size()));
    }

    /** Robots never leave; if everybody is away, the first one comes. */
    private int visitor(long offsetMs) {
        for (int tries = 0; tries < 100; tries++) {
            int visitor = chance.nextInt(shape.visitors());
            if (isRobot(visitor) || isThere(visitor, offsetMs)) {
                return visitor;
            }
        }
        return 0;
    }

    private boolean isRobot(int visitor) {
        return visitor < shape.robots() * shape.visitors();
    }

    private boolean isThere(int visitor, long offsetMs) {
        long cycleMs = shape.visit().plus(shape.away()).toMillis();
        long phaseMs = cycleMs * visitor / shape.visitors();
        return (offsetMs + phaseMs) % cycleMs < shape.visit().toMillis();
    }

    /** Addresses that documentation may use (RFC 5737, RFC 3849), a different one for every visitor. */
    static String client(int visitor) {
        int number = visitor + 1;
        return switch (visitor < IPV4_VISITORS ? visitor % 3 : 0) {
            case 0 ->
                "2001:db8::" + (number > 0xffff ? Integer.toHexString(number >>> 16) + ":" : "")
                        + Integer.toHexString(number & 0xffff);
            case 1 -> "198.51.100." + visitor % 256;
            default -> "203.0.113." + visitor % 256;
        };
    }

    private int page() {
        int found = Arrays.binarySearch(popularity, chance.nextDouble());
        return Math.min(shape.pages() - 1, found < 0 ? -found - 1 : found);
    }

    private int status(int page) {
        int dice = chance.nextInt(100);
        if (dice < 4) {
            return 304;
        }
        return dice < 6 ? 404 : dice == 6 && page % 7 == 3 ? 500 : 200;
    }

    private static String line(LogEntry entry) {
        return entry.client() + " - - [" + LogLine.TIME.format(Instant.ofEpochMilli(entry.timeMs())) + "] \""
                + entry.method()
                + " "
                + entry.path() + " HTTP/1.1\" " + entry.status() + " " + (entry.bytes() == 0 ? "-" : "" + entry.bytes())
                + " \"-\" \"" + entry.agent() + "\"";
    }

    /** Cut within the request, as by a server that was killed: no format takes it. */
    private String damaged(String line) {
        int from = line.indexOf('"') + 1;
        return line.substring(0, from + chance.nextInt(line.indexOf('"', from) - from));
    }

    /** The sums of the probabilities of the pages up to each one. */
    private static double[] popularity(int pages, double skew) {
        double[] sums = new double[pages];
        double sum = 0;
        for (int page = 0; page < pages; page++) {
            sum += Math.pow(page + 1.0, -skew);
            sums[page] = sum;
        }
        for (int page = 0; page < pages; page++) {
            sums[page] /= sum;
        }
        return sums;
    }
}
