package io.tidegate.simulator.fleet;

import io.tidegate.simulator.fleet.FleetShape.Share;
import java.time.Instant;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Every reading that a fleet sends, in the order of sending. Pure: equal shapes and starts give equal plans.
 *
 * <p>The devices take turns at the rate that the shape asks for. A device that pauses is passed over, so the rate holds as
 * long as some device is awake. Without a length the plan never ends. Not thread-safe.
 */
public final class FleetPlan implements Iterator<PlannedMessage> {
    private final FleetShape shape;
    private final long startMs;
    private final List<Device> devices;
    private final Random chance;
    private final PriorityQueue<Leaving> leaving =
            new PriorityQueue<>(Comparator.comparingLong(Leaving::offsetMs).thenComparingLong(Leaving::ordinal));
    private long slot;
    private long ordinal;
    private int turn;

    private FleetPlan(FleetShape shape, Instant start) {
        this.shape = shape;
        this.startMs = start.toEpochMilli();
        this.chance = new Random(shape.seed());
        this.devices = IntStream.range(0, shape.devices())
                .mapToObj(index -> new Device(shape, index))
                .toList();
    }

    /** The plan of a fleet whose first reading has the start as its event time. */
    public static FleetPlan of(FleetShape shape, Instant start) {
        return new FleetPlan(shape, start);
    }

    @Override
    public boolean hasNext() {
        while (!isOver(slotMs()) && (leaving.isEmpty() || leaving.peek().offsetMs() > slotMs())) {
            fillSlot(slotMs());
            slot++;
        }
        return !leaving.isEmpty();
    }

    @Override
    public PlannedMessage next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the plan is over");
        }
        Leaving next = leaving.remove();
        Reading reading = next.reading();
        boolean overtaken = next.device().isOvertaken(reading);
        return new PlannedMessage(
                next.offsetMs(),
                next.device().index(),
                "sensors/" + reading.device() + "/" + reading.metric(),
                next.payload(),
                reading,
                next.repeated(),
                overtaken && !next.repeated());
    }

    private long slotMs() {
        return (long) (slot * 1_000.0 / shape.rate());
    }

    private boolean isOver(long offsetMs) {
        return !shape.length().isZero() && offsetMs >= shape.length().toMillis();
    }

    private void fillSlot(long offsetMs) {
        for (int tried = 0; tried < devices.size(); tried++) {
            Device device = devices.get(turn);
            turn = (turn + 1) % devices.size();
            if (device.isAwake(offsetMs)) {
                plan(device, offsetMs);
                return;
            }
        }
    }

    private void plan(Device device, long offsetMs) {
        Reading reading = device.read(startMs, offsetMs);
        String payload = ReadingJson.write(reading, device.unit(reading));
        long leavesMs = offsetMs + delayMs(shape.outOfOrder());
        leaving.add(new Leaving(leavesMs, ordinal++, device, reading, payload, false));
        long againAfterMs = delayMs(shape.duplicates());
        if (againAfterMs > 0) {
            leaving.add(new Leaving(leavesMs + againAfterMs, ordinal++, device, reading, payload, true));
        }
    }

    private long delayMs(Share share) {
        boolean chosen = chance.nextDouble() < share.fraction();
        return chosen ? 1 + (long) (chance.nextDouble() * share.delay().toMillis()) : 0;
    }

    /** The ordinal keeps messages of the same millisecond in the order in which they were planned. */
    private record Leaving(
            long offsetMs, long ordinal, Device device, Reading reading, String payload, boolean repeated) {}
}
