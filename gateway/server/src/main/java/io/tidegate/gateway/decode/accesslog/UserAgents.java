package io.tidegate.gateway.decode.accesslog;

import io.tidegate.protocol.v1.AgentClass;
import io.tidegate.protocol.v1.Request;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What kind of program sends requests, by the words in the text that it calls itself. A site sees the same few hundred
 * texts again and again, so the last ones are remembered; memory is bounded by the number of slots. Thread-safe: a slot
 * is replaced as a whole, and forgetting one only costs time.
 */
final class UserAgents {

    /** Whoever says one of these is a robot, whatever else it says: many name a browser as well. */
    private static final List<String> ROBOTS = List.of(
            "bot",
            "crawl",
            "spider",
            "slurp",
            "archiver",
            "feed",
            "monitor",
            "preview",
            "facebookexternalhit",
            "headless");
    /** Phones of this maker are not robots. */
    private static final String CUBOT = "cubot";

    private static final List<String> MOBILES = List.of(
            "mobi",
            "android",
            "iphone",
            "ipad",
            "ipod",
            "opera mini",
            "blackberry",
            "windows phone",
            "kindle",
            "silk/");
    /** What browsers begin with. Whoever does not pretend to be one (curl, libraries, feed readers) is a robot. */
    private static final List<String> BROWSERS = List.of("mozilla/", "opera/");

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int SLOTS = 4096;
    private static final int LONGEST_REMEMBERED = 512;

    private final @Nullable Agent[] slots = new @Nullable Agent[SLOTS];

    /** Sets agent and class. */
    void read(byte[] bytes, int from, int to, Request.Builder request) {
        Agent agent = agent(bytes, from, to);
        request.setAgent(agent.text).setAgentClass(agent.kind);
    }

    private Agent agent(byte[] bytes, int from, int to) {
        if (to - from > LONGEST_REMEMBERED) {
            return new Agent(new byte[0], LogText.of(bytes, from, to));
        }
        int slot = slot(bytes, from, to);
        Agent newest = slots[slot];
        if (newest != null && newest.is(bytes, from, to)) {
            return newest;
        }
        // Two that fall into one slot must not drive each other out line by line.
        Agent older = slots[slot + 1];
        if (older != null && older.is(bytes, from, to)) {
            return older;
        }
        Agent agent = new Agent(Arrays.copyOfRange(bytes, from, to), LogText.of(bytes, from, to));
        slots[slot + 1] = newest;
        slots[slot] = agent;
        return agent;
    }

    /** The first slot of two. Eight bytes a step: agents are long, and this is most of what a remembered one costs. */
    private static int slot(byte[] bytes, int from, int to) {
        long hash = (long) to - from;
        int at = from;
        for (; at + Long.BYTES <= to; at += Long.BYTES) {
            hash = (hash ^ (long) LONGS.get(bytes, at)) * 0x9e3779b97f4a7c15L;
            hash ^= hash >>> 32;
        }
        for (; at < to; at++) {
            hash = (hash ^ bytes[at]) * 0x9e3779b97f4a7c15L;
        }
        return (int) (hash >>> 40) & (SLOTS - 2);
    }

    static AgentClass classify(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (ROBOTS.stream().anyMatch(lower.replace(CUBOT, "")::contains)) {
            return AgentClass.ROBOT;
        }
        if (MOBILES.stream().anyMatch(lower::contains)) {
            return AgentClass.MOBILE;
        }
        return BROWSERS.stream().anyMatch(lower::startsWith) ? AgentClass.DESKTOP : AgentClass.ROBOT;
    }

    /** Immutable, so that a slot may be read without a lock. */
    private static final class Agent {
        private final byte[] raw;
        private final String text;
        private final AgentClass kind;

        Agent(byte[] raw, String text) {
            this.raw = raw;
            this.text = text;
            this.kind = classify(text);
        }

        boolean is(byte[] bytes, int from, int to) {
            return Arrays.equals(raw, 0, raw.length, bytes, from, to);
        }
    }
}
