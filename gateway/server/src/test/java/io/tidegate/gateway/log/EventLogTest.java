package io.tidegate.gateway.log;

import static io.tidegate.gateway.log.LogFixture.NOW_MS;
import static io.tidegate.gateway.log.LogFixture.chunk;
import static io.tidegate.gateway.log.LogFixture.upTo;
import static io.tidegate.gateway.log.LogFixture.values;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
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
import java.util.concurrent.Semaphore;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventLogTest {

    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochMilli(NOW_MS), ZoneOffset.UTC);

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
    void presence_is_told_once_it_is_durable() {
        Presence online = new Presence("d", PresenceState.ONLINE, NOW_MS, "reading");
        ActorRef<EventLog.Command> log = spawn(store, store::append);

        log.tell(new EventLog.Append("", Tally.ZERO, Optional.empty(), List.of(), List.of(online), durable.getRef()));

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
        store.close();
        LogSettings small = new LogSettings(
                folder,
                2L * chunk(0, 20, 20, NOW_MS).bytes().size(),
                0,
                Duration.ZERO,
                Duration.ofMillis(20),
                1_000,
                Duration.ofDays(1));
        store = LogStore.open(small, 2, "g1");
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
        assertThat(store.oldest(0)).isEqualTo(40);
        assertThat(store.tail(0).next()).isEqualTo(61);
    }

    private ActorRef<EventLog.Command> spawn(LogStore over, EventLog.Writer writer) {
        return kit.spawn(EventLog.create(over, writer, presence::addAll, CLOCK));
    }

    private static EventLog.Append append(PendingChunk chunk, ActorRef<EventLog.Durable> replyTo) {
        EventLog.Append append = LogFixture.append(chunk);
        return new EventLog.Append(append.source(), append.tally(), append.chunk(), List.of(), List.of(), replyTo);
    }
}
