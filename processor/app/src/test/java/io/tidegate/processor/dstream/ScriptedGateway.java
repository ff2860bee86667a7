package io.tidegate.processor.dstream;

import io.tidegate.protocol.v1.Chunk;
import io.tidegate.protocol.v1.Event;
import io.tidegate.spark.event.EventChunk;
import io.tidegate.spark.event.KeyGroupTime;
import io.tidegate.spark.event.StreamElement;
import io.tidegate.spark.event.Tick;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.streaming.StreamingContext;
import org.apache.spark.streaming.Time;
import org.apache.spark.streaming.dstream.InputDStream;
import org.apache.spark.streaming.scheduler.StreamInputInfo;
import scala.Option;
import scala.reflect.ClassTag$;

/** A door whose batches are written down beforehand: what a batch holds is a function of its time, as at the real door. */
@SuppressWarnings("deprecation") // DStreams are deprecated upstream as a whole
final class ScriptedGateway extends InputDStream<StreamElement> {
    private static final long serialVersionUID = 1;

    static final int KEY_GROUPS = 4;

    /** Events by batch time and key group; outside the stream, so a recovered one finds it again. */
    private static final ConcurrentMap<Long, List<List<Event>>> SCRIPT = new ConcurrentHashMap<>();

    /** From when until when the gateway's time stands still, as it does while nobody hears from it. */
    private static volatile long[] still = {0, 0};

    ScriptedGateway(StreamingContext context) {
        super(context, ClassTag$.MODULE$.apply(StreamElement.class));
    }

    static void forget() {
        SCRIPT.clear();
        still = new long[] {0, 0};
    }

    /** In batches from the first time to the second, the gateway's time is that of the first. */
    static void standStill(long fromMs, long throughMs) {
        still = new long[] {fromMs, throughMs};
    }

    private static long seenThrough(long batchMs) {
        return batchMs > still[0] && batchMs <= still[1] ? still[0] : batchMs;
    }

    static void write(long batchMs, int keyGroup, Event event) {
        List<List<Event>> groups = SCRIPT.computeIfAbsent(batchMs, t -> {
            List<List<Event>> empty = new ArrayList<>();
            for (int kg = 0; kg < KEY_GROUPS; kg++) {
                empty.add(new ArrayList<>());
            }
            return empty;
        });
        groups.get(keyGroup).add(event);
    }

    /** Events per key group through a batch. */
    static SortedMap<Integer, Long> pulled(long batchMs) {
        SortedMap<Integer, Long> pulled = new TreeMap<>();
        for (int kg = 0; kg < KEY_GROUPS; kg++) {
            pulled.put(kg, (long) events(batchMs + 1, kg));
        }
        return pulled;
    }

    private static int events(long beforeMs, int keyGroup) {
        return SCRIPT.entrySet().stream()
                .filter(batch -> batch.getKey() < beforeMs)
                .mapToInt(batch -> batch.getValue().get(keyGroup).size())
                .sum();
    }

    @Override
    public void start() {}

    @Override
    public void stop() {}

    @Override
    public Option<RDD<StreamElement>> compute(Time time) {
        long ms = time.milliseconds();
        ssc().scheduler()
                .inputInfoTracker() // as the real door does: it refuses a batch that is made twice
                .reportInfo(time, new StreamInputInfo(id(), 0, StreamInputInfo.$lessinit$greater$default$3()));
        List<StreamElement> records = new ArrayList<>();
        List<List<Event>> groups = SCRIPT.getOrDefault(ms, List.of());
        for (int kg = 0; kg < groups.size(); kg++) {
            slices(ms, kg, groups.get(kg), records);
        }
        records.add(new Tick(ms, Collections.nCopies(KEY_GROUPS, new KeyGroupTime(0, seenThrough(ms)))));
        JavaSparkContext spark = JavaSparkContext.fromSparkContext(ssc().sparkContext());
        return Option.apply(spark.parallelize(records, 3).rdd());
    }

    /** Two chunks per key group, so that keys meet from several slices; each with an event that belongs to nobody. */
    private static void slices(long ms, int keyGroup, List<Event> events, List<StreamElement> records) {
        long first = events(ms, keyGroup);
        int half = events.size() / 2;
        for (int[] part : new int[][] {{0, half}, {half, events.size()}}) {
            if (part[0] < part[1]) {
                Chunk chunk = Chunk.newBuilder()
                        .setKeyGroup(keyGroup)
                        .setFirstOffset(first + part[0])
                        .setCount(part[1] - part[0] + 1)
                        .addAllEvents(events.subList(part[0], part[1]))
                        .addEvents(events.get(0))
                        .build();
                records.add(new EventChunk(keyGroup, first + part[0], first + part[1], chunk.toByteArray()));
            }
        }
    }
}
