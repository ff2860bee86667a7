package io.tidegate.processor.persistent;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import scala.collection.immutable.TreeSet;
import scala.collection.immutable.TreeSet$;
import scala.math.Ordering$;

/**
 * Keys in the order of the times at which they are due; immutable, shares what did not change. At most one time per key
 * makes sense, but it is the owner who takes the old time out before he sets a new one.
 *
 * <p>It is never serialized: the times follow from the values of the keys.
 */
public final class TimerQueue {

    /** The time of a key that has nothing to wait for; it is not kept. */
    public static final long NEVER = Long.MAX_VALUE;

    /** No key is due, ever. */
    public static final TimerQueue NONE = new TimerQueue(TreeSet$.MODULE$.empty(Ordering$.MODULE$.comparatorToOrdering(
            Comparator.comparingLong(Timer::at).thenComparing(Timer::key))));

    private final TreeSet<Timer> timers;

    private record Timer(long at, String key) {}

    private TimerQueue(TreeSet<Timer> timers) {
        this.timers = timers;
    }

    /** With the key's time moved. */
    public TimerQueue move(String key, long from, long to) {
        if (from == to) {
            return this;
        }
        TreeSet<Timer> moved = timers;
        if (from != NEVER) {
            moved = moved.excl(new Timer(from, key));
        }
        if (to != NEVER) {
            moved = moved.incl(new Timer(to, key));
        }
        return new TimerQueue(moved);
    }

    /** The keys whose times are before {@code time}, the earliest first. Costs what it returns. */
    public List<String> before(long time) {
        List<String> due = new ArrayList<>();
        for (var all = timers.iterator(); all.hasNext(); ) {
            Timer timer = all.next();
            if (timer.at >= time) {
                break;
            }
            due.add(timer.key);
        }
        return due;
    }

    /** The so many earliest keys, or all when there are fewer. Costs what it returns. */
    public List<String> earliest(int count) {
        List<String> earliest = new ArrayList<>();
        for (var all = timers.iterator(); earliest.size() < count && all.hasNext(); ) {
            earliest.add(all.next().key);
        }
        return earliest;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TimerQueue its && timers.equals(its.timers);
    }

    @Override
    public int hashCode() {
        return timers.hashCode();
    }

    /** How many keys wait. */
    public int size() {
        return timers.size();
    }
}
