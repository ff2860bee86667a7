package io.tidegate.gateway.log;

import static io.tidegate.gateway.log.LogFixture.NOW_MS;
import static io.tidegate.gateway.log.LogFixture.chunk;
import static io.tidegate.gateway.log.LogFixture.upTo;
import static io.tidegate.gateway.log.LogFixture.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.DispatcherSelector;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventLogTest {

    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochMilli(NOW_MS), ZoneOffset.UTC);

    /** Those of Akka's default dispatcher for what blocks. */
    private static final int SHARED_THREADS = 16;

    private final ActorTestKit kit = ActorTestKit.create();
    private final TestProbe<EventLog.Durable> durable = kit.createTestProbe();
    private final List<Presence> presence = Collections.synchronizedList(new ArrayList<>());

    @TempDir
    private Path folder;

    private LogStore store;

    @BeforeEach
    void open() throws Exception {
        store = LogFixture.open(folder);
    }

    @AfterEach
    void close() {
        kit.shutdownTestKit();
        store.close();
    }

    @Test
    void what_gathers_during_a_commit_shares_the_next_one_and_order_is_kept() {
        Semaphore disk = new Semaphore(0);
        List<Integer> commits = Collections.synchronizedList(new ArrayList<>());
        ActorRef<EventLog.Command> log = spawn(store, commit -> {
            commits.add(commit.size());
            disk.acquireUninterruptibly();
            store.append(commit);
        });

        log.tell(append(chunk(0, 0, 5, NOW_MS), durable.getRef()));
        Awaitility.await().until(() -> commits.equals(List.of(1)));
        for (int i = 1; i < 10; i++) {
            log.tell(append(chunk(0, 5L * i, 5, NOW_MS), durable.getRef()));
        }
        durable.expectNoMessage(Duration.ofMillis(50));
        disk.release(2);

        durable.receiveSeveralMessages(10);
        assertThat(commits).containsExactly(1, 9);
        assertThat(values(store, 0)).isEqualTo(upTo(50));
    }

    @Test
    void while_more_is_under_way_commits_begin_an_interval_apart() throws Exception {
        Duration interval = Duration.ofMillis(100);
        restart(settings(1 << 20, LogSettings.WhenFull.HOLD, 0, interval));
        Semaphore disk = new Semaphore(0);
        List<Long> begins = Collections.synchronizedList(new ArrayList<>());
        ActorRef<EventLog.Command> log = spawn(store, commit -> {
            begins.add(System.nanoTime());
            disk.acquireUninterruptibly();
            store.append(commit);
        });

        long before = System.nanoTime();
        log.tell(append(chunk(0, 0, 5, NOW_MS), durable.getRef()));
        Awaitility.await().until(() -> begins.size() == 1);
        log.tell(append(chunk(0, 5, 5, NOW_MS), durable.getRef()));
        disk.release(2);

        durable.receiveSeveralMessages(2);
        assertThat(begins).hasSize(2);
        assertThat(begins.get(1) - before).isGreaterThanOrEqualTo(interval.toNanos());
    }

    @Test
    void who_comes_alone_waits_for_no_interval() throws Exception {
        restart(settings(1 << 20, LogSettings.WhenFull.HOLD, 0, Duration.ofDays(1)));
        ActorRef<EventLog.Command> log = spawn(store, store::append);

        for (int i = 0; i < 5; i++) {
            log.tell(append(chunk(0, 5L * i, 5, NOW_MS), durable.getRef()));
            durable.receiveMessage();
        }

        assertThat(values(store, 0)).isEqualTo(upTo(25));
    }

    @Test
    void the_answer_comes_after_the_write_and_subscribers_hear_of_growth() {
        TestProbe<EventLog.Grown> grown = kit.createTestProbe();
        ActorRef<EventLog.Command> log = spawn(store, store::append);
        log.tell(new EventLog.Subscribe(grown.getRef()));

        log.tell(append(chunk(0, 0, 5, NOW_MS), durable.getRef()));

        durable.receiveMessage();
        assertThat(store.tail(0).next()).isEqualTo(5);
        grown.receiveMessage();
        log.tell(LogFixture.deadLettersTo(durable.getRef()));
        durable.receiveMessage();
        grown.expectNoMessage(Duration.ofMillis(50));
    }

    @Test
    void a_commit_waits_for_nothing_that_hangs_elsewhere_in_the_process() {
        Executor shared = kit.system().dispatchers().lookup(DispatcherSelector.blocking());
        Semaphore released = new Semaphore(0);
        AtomicInteger hanging = new AtomicInteger();
        Runnable hang = () -> {
            hanging.incrementAndGet();
            released.acquireUninterruptibly();
        };
        IntStream.range(0, SHARED_THREADS + 1).forEach(i -> shared.execute(hang));
        await().until(() -> hanging.get() == SHARED_THREADS);

        spawn(store, store::append).tell(append(chunk(0, 0, 5, NOW_MS), durable.getRef()));

        durable.receiveMessage();
        assertThat(hanging).hasValue(SHARED_THREADS);
        released.release(SHARED_THREADS + 1);
    }

    @Test
    void presence_is_told_once_it_is_durable() {
        Presence online = new Presence("d", PresenceState.ONLINE, NOW_MS, "reading");
        ActorRef<EventLog.Command> log = spawn(store, store::append);

        log.tell(new EventLog.Append(
                new LogWrite("", Tally.ZERO, Optional.empty(), List.of(), List.of(online)), durable.getRef()));

        TestProbe<Object> waiting = kit.createTestProbe();
        waiting.awaitAssert(() -> {
            assertThat(presence).containsExactly(online);
            return "";
        });
        assertThat(store.presence()).containsExactly(online);
    }

    @Test
    void after_a_failed_write_nothing_is_acknowledged_and_the_actor_is_gone() {
        ActorRef<EventLog.Command> log = spawn(store, commit -> {
            throw new IOException("fsync: Input/output error");
        });
        TestProbe<Object> watcher = kit.createTestProbe();

        log.tell(append(chunk(0, 0, 5, NOW_MS), durable.getRef()));
        log.tell(append(chunk(0, 5, 5, NOW_MS), durable.getRef()));

        watcher.expectTerminated(log);
        durable.expectNoMessage(Duration.ofMillis(50));
        assertThat(store.tail(0).next()).isZero();
    }

    @Test
    void above_the_quota_appends_are_held_until_trimming_makes_room() throws Exception {
        restart(settings(2L * chunk(0, 20, 20, NOW_MS).bytes().size(), LogSettings.WhenFull.HOLD, 0));
        store.registerGroup("slow");
        ActorRef<EventLog.Command> log = spawn(store, store::append);
        for (int i = 0; i < 3; i++) {
            log.tell(append(chunk(0, 20L * i, 20, NOW_MS - 10), durable.getRef()));
            durable.receiveMessage();
        }
        assertThat(store.full()).isPresent();

        log.tell(append(chunk(0, 60, 1, NOW_MS), durable.getRef()));
        durable.expectNoMessage(Duration.ofMillis(100));
        store.saveGroup(new GroupCursors("slow", "r", 1, List.of(60L, 0L), List.of(60L, 0L)), false);

        durable.receiveMessage();
        // The newest chunk stays, until the one that was held is there and it is trimmed in its turn.
        assertThat(store.oldest(0)).isIn(40L, 60L);
        assertThat(store.tail(0).next()).isEqualTo(61);
    }

    @Test
    void the_least_quota_does_not_hold_appends_for_ever_when_the_newest_chunks_fill_it() throws Exception {
        int size = chunk(0, 0, 20, NOW_MS).bytes().size();
        restart(settings(2L * size, LogSettings.WhenFull.HOLD, 0));
        store.registerGroup("app");
        ActorRef<EventLog.Command> log = spawn(store, store::append);
        log.tell(append(chunk(0, 0, 20, NOW_MS - 10), durable.getRef()));
        log.tell(append(chunk(1, 0, 20, NOW_MS - 10), durable.getRef()));
        durable.receiveSeveralMessages(2);
        assertThat(store.full()).as("each key group has one chunk, its newest").isPresent();

        log.tell(append(chunk(0, 20, 20, NOW_MS), durable.getRef()));
        durable.expectNoMessage(Duration.ofMillis(100));
        store.saveGroup(new GroupCursors("app", "r", 1, List.of(20L, 20L), List.of(20L, 20L)), false);

        durable.receiveMessage();
        assertThat(store.oldest(1)).isEqualTo(20);
        kit.stop(log);
        restart(store.settings());
        assertThat(store.tail(1)).as("the end of an empty key group").isEqualTo(new LogEnd(20, NOW_MS - 10 - 1_000));
        assertThat(values(store, 0)).hasSize(20);
    }

    @Test
    void a_log_that_expires_goes_on_and_counts_for_each_group_what_it_had_not_committed() throws Exception {
        int size = chunk(0, 0, 20, NOW_MS).bytes().size();
        restart(settings(10L * size, LogSettings.WhenFull.EXPIRE_OLDEST, 3_600));
        store.saveGroup(new GroupCursors("slow", "r", 3, List.of(5L, 0L), List.of(0L, 0L)), true);
        store.saveGroup(new GroupCursors("fast", "r", 1, List.of(100L, 60L), List.of(100L, 60L)), true);
        ActorRef<EventLog.Command> log = spawn(store, store::append);

        for (int i = 0; i < 20; i++) {
            log.tell(append(chunk(i % 2, 20L * (i / 2), 20, NOW_MS + i), durable.getRef()));
            durable.receiveMessage();
        }

        kit.stop(log);
        // Behind this no trimming is under way, and none is due.
        LogFixture.expire(store, NOW_MS);
        assertThat(store.bytes()).isLessThanOrEqualTo(11L * size);
        long gone = store.ledger().trimmed();
        assertThat(gone).isGreaterThanOrEqualTo(180);
        assertThat(store.oldest(0) - store.oldest(1))
                .as("the first received go first")
                .isBetween(0L, 20L);
        assertThat(store.expired("slow")).isEqualTo(new ExpiredEvents(gone, 3));
        assertThat(store.expired("fast").events())
                .as("what it had committed is not lost to it")
                .isEqualTo(Math.max(0, store.oldest(0) - 100) + Math.max(0, store.oldest(1) - 60));
        assertThat(LogFixture.group(store, "slow").committed()).containsExactly(store.oldest(0), store.oldest(1));
        assertThat(LogFixture.group(store, "slow").delivered()).containsExactly(5L, 0L);
        assertThat(store.read(0, 0, 20, 1_000)).isEqualTo(new ReadResult.Trimmed(store.oldest(0)));
        assertThat(values(store, 0)).hasSize((int) (200 - store.oldest(0)));
        restart(store.settings());
        assertThat(store.expired("slow")).isEqualTo(new ExpiredEvents(gone, 3));
    }

    @Test
    void what_every_group_has_committed_goes_before_anything_is_lost() throws Exception {
        int size = chunk(0, 0, 20, NOW_MS).bytes().size();
        restart(settings(10L * size, LogSettings.WhenFull.EXPIRE_OLDEST, 0));
        store.saveGroup(new GroupCursors("app", "r", 1, List.of(180L, 0L), List.of(180L, 0L)), true);
        ActorRef<EventLog.Command> log = spawn(store, store::append);

        for (int i = 0; i < 15; i++) {
            log.tell(append(chunk(0, 20L * i, 20, NOW_MS - 100 + i), durable.getRef()));
            durable.receiveMessage();
        }

        await().untilAsserted(() -> assertThat(store.oldest(0)).isEqualTo(180));
        assertThat(store.expired("app").events()).isZero();
    }

    private LogSettings settings(long maxBytes, LogSettings.WhenFull whenFull, long retentionSeconds) {
        return settings(maxBytes, whenFull, retentionSeconds, Duration.ZERO);
    }

    private LogSettings settings(
            long maxBytes, LogSettings.WhenFull whenFull, long retentionSeconds, Duration commitInterval) {
        return new LogSettings(
                folder,
                maxBytes,
                whenFull,
                0,
                Duration.ofSeconds(retentionSeconds),
                commitInterval,
                Duration.ofMillis(20),
                1_000,
                Duration.ofDays(1));
    }

    @Test
    void the_members_of_a_transaction_are_one_commit_however_far_apart_they_come() {
        List<Integer> commits = Collections.synchronizedList(new ArrayList<>());
        ActorRef<EventLog.Command> log = spawn(store, commit -> {
            commits.add(commit.size());
            store.append(commit);
        });
        Transaction member = Transaction.member(1, 2);
        log.tell(in(Optional.of(member.andMore()), LogFixture.chunk(0, 0, 1, 5)));
        log.tell(in(Optional.of(member), LogFixture.chunk(0, 1, 1, 5)));
        log.tell(in(Optional.empty(), LogFixture.chunk(0, 2, 1, 5)));
        durable.expectNoMessage(Duration.ofMillis(200));

        log.tell(in(Optional.of(member), LogFixture.chunk(1, 0, 1, 5)));

        durable.receiveSeveralMessages(4);
        assertThat(commits).containsExactly(4);
    }

    private EventLog.Append in(Optional<Transaction> transaction, PendingChunk chunk) {
        LogWrite append = LogFixture.append(chunk);
        return new EventLog.Append(
                new LogWrite(
                        append.source(), append.tally(), append.chunk(), List.of(), List.of(), List.of(), transaction),
                durable.getRef());
    }

    private void restart(LogSettings settings) throws Exception {
        store.close();
        store = RocksLogStore.open(settings, 2, "g1");
    }

    private ActorRef<EventLog.Command> spawn(LogStore over, EventLog.Writer writer) {
        return kit.spawn(EventLog.create(over, writer, presence::addAll, CLOCK));
    }

    private static EventLog.Append append(PendingChunk chunk, ActorRef<EventLog.Durable> replyTo) {
        return new EventLog.Append(LogFixture.append(chunk), replyTo);
    }
}
