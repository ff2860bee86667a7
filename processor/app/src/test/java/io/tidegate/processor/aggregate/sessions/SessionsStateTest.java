package io.tidegate.processor.aggregate.sessions;

import static io.tidegate.processor.aggregate.sessions.KeyScript.A;
import static io.tidegate.processor.aggregate.sessions.KeyScript.B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.processor.aggregate.InputEvent;
import io.tidegate.processor.aggregate.Partial;
import io.tidegate.processor.aggregate.PartialBuilder;
import io.tidegate.processor.aggregate.ledger.LedgerPartial;
import io.tidegate.processor.ledger.LedgerCounts;
import io.tidegate.processor.ledger.LedgerCounts.EventCounts;
import io.tidegate.processor.persistent.Serialized;
import io.tidegate.processor.query.Subject;
import io.tidegate.processor.result.SessionResult;
import java.util.List;
import org.assertj.core.api.ListAssert;
import org.junit.jupiter.api.Test;

class SessionsStateTest {

    private static final Subject SUBJECT = new Subject("sessions", List.of("device"));
    private static final SessionsAggregation QUERY = new SessionsAggregation(SUBJECT, 10, 100, 1000, 50_000);

    private final KeyScript key = new KeyScript(QUERY);

    @Test
    void two_events_share_a_session_when_they_differ_by_the_gap_and_not_when_by_more() {
        say(key.events(1000, 1010)).containsExactly("OPEN 1000 rev 1 1000..1010 events 2 late 0");
        say(key.events(1020)).containsExactly("OPEN 1000 rev 2 1000..1020 events 3 late 0");
        say(key.events(1031)).containsExactly("OPEN 1031 rev 1 1031..1031 events 1 late 0");
    }

    @Test
    void the_identity_never_changes_and_the_start_may_move_earlier() {
        key.events(1000);

        say(key.events(995)).containsExactly("OPEN 1000 rev 2 995..1000 events 2 late 0");
        say(key.events(985, 1005)).containsExactly("OPEN 1000 rev 3 985..1005 events 4 late 0");
    }

    @Test
    void when_two_sessions_merge_the_older_identity_survives_and_the_other_says_into_which() {
        key.events(1020);
        key.events(1000);

        say(key.events(1010))
                .containsExactly(
                        "OPEN 1000 rev 2 1000..1020 events 3 late 0",
                        "MERGED 1020 rev 2 1020..1020 events 1 late 0 into 1000");
        say(key.events(1021)).containsExactly("OPEN 1000 rev 3 1000..1021 events 4 late 0");
    }

    @Test
    void three_sessions_merge_at_once() {
        key.events(1000, 1020, 1040);

        say(key.events(1010, 1030))
                .containsExactly(
                        "OPEN 1000 rev 2 1000..1040 events 5 late 0",
                        "MERGED 1020 rev 2 1020..1020 events 1 late 0 into 1000",
                        "MERGED 1040 rev 2 1040..1040 events 1 late 0 into 1000");
    }

    @Test
    void time_is_the_keys_own_so_a_device_that_uploads_old_readings_is_not_late() {
        key.batch(0, B, 10_000, 9000);

        say(key.batch(0, A, 10_000, 1000)).containsExactly("OPEN 1000 rev 1 1000..1000 events 1 late 0");
    }

    @Test
    void the_watermark_of_the_batch_itself_makes_nothing_late() {
        say(key.events(5000, 1000))
                .containsExactly(
                        "CLOSED 1000 rev 1 1000..1000 events 1 late 0", "OPEN 5000 rev 1 5000..5000 events 1 late 0");
    }

    @Test
    void an_event_is_late_when_its_session_ended_at_or_before_the_watermark() {
        key.events(1110);

        say(key.events(1000)).containsExactly("OPEN 1110 rev 2 1110..1110 events 1 late 1");
        say(key.events(1001)).containsExactly("OPEN 1001 rev 1 1001..1001 events 1 late 0");
        assertThat(key.state.ledger().groups()).containsEntry(4, new EventCounts(2, 1, 0));
    }

    @Test
    void an_old_event_that_the_same_batch_connects_to_an_open_session_is_not_late() {
        key.events(1110);

        say(key.events(990, 1000, 1010, 1020, 1030, 1040, 1050, 1060, 1070, 1080, 1090, 1100))
                .containsExactly("OPEN 1110 rev 2 990..1110 events 13 late 0");
    }

    @Test
    void late_events_count_in_the_next_session_in_time() {
        key.events(1110);
        key.events(1150);

        say(key.events(1000, 1001, 1002)).containsExactly("OPEN 1110 rev 2 1110..1110 events 1 late 3");
    }

    @Test
    void late_events_wait_for_a_session_when_all_are_closed() {
        key.batch(0, A, 10_000, 1110);
        say(key.seenThrough(10_111)).containsExactly("CLOSED 1110 rev 2 1110..1110 events 1 late 0");

        say(key.batch(10_111, A, 10_120, 1000)).isEmpty();
        say(key.batch(10_111, A, 10_130, 1200)).containsExactly("OPEN 1200 rev 1 1200..1200 events 1 late 1");
    }

    @Test
    void late_events_of_merged_sessions_add_up() {
        key.events(1110);
        key.events(1000);
        key.events(1130);

        say(key.events(1120))
                .containsExactly(
                        "OPEN 1110 rev 3 1110..1130 events 3 late 1",
                        "MERGED 1130 rev 2 1130..1130 events 1 late 0 into 1110");
    }

    @Test
    void a_session_closes_when_its_keys_watermark_passes_its_end_and_gap() {
        key.events(1000);

        say(key.events(1110)).containsExactly("OPEN 1110 rev 1 1110..1110 events 1 late 0");
        say(key.events(1111))
                .containsExactly(
                        "CLOSED 1000 rev 2 1000..1000 events 1 late 0", "OPEN 1110 rev 2 1110..1111 events 2 late 0");
    }

    @Test
    void after_the_watermark_passed_nothing_opens_a_session_again() {
        key.events(1000);
        key.events(1111);

        say(key.events(1000)).containsExactly("OPEN 1111 rev 2 1111..1111 events 1 late 1");
    }

    @Test
    void silence_closes_when_seen_through_passes_last_receipt_and_gap_and_allowed_lateness() {
        key.batch(0, A, 10_000, 1000);

        say(key.seenThrough(10_110)).isEmpty();
        say(key.seenThrough(10_111)).containsExactly("CLOSED 1000 rev 2 1000..1000 events 1 late 0");
        say(key.seenThrough(10_112)).isEmpty();
    }

    @Test
    void a_closing_by_silence_is_provisional_and_an_event_within_the_gap_opens_it_again() {
        key.batch(0, A, 10_000, 1000);
        key.seenThrough(10_111);

        say(key.batch(10_111, A, 10_200, 1010)).containsExactly("OPEN 1000 rev 3 1000..1010 events 2 late 0");
        say(key.seenThrough(10_310)).isEmpty();
        say(key.seenThrough(10_311)).containsExactly("CLOSED 1000 rev 4 1000..1010 events 2 late 0");
    }

    @Test
    void a_session_that_silence_closed_is_not_closed_again_by_the_watermark() {
        key.batch(0, A, 10_000, 1000);
        key.seenThrough(10_111);

        say(key.batch(10_111, A, 10_200, 2000)).containsExactly("OPEN 2000 rev 1 2000..2000 events 1 late 0");
        say(key.batch(10_111, A, 10_200, 1005)).containsExactly("OPEN 2000 rev 2 2000..2000 events 1 late 1");
    }

    @Test
    void another_key_that_goes_on_does_not_keep_a_silent_one_open() {
        key.batch(0, A, 10_000, 1000);

        say(key.batch(10_111, B, 10_111, 1000))
                .containsExactly(
                        "CLOSED 1000 rev 2 1000..1000 events 1 late 0", "OPEN 1000 rev 1 1000..1000 events 1 late 0");
    }

    @Test
    void without_a_tick_nothing_is_closed_by_silence() {
        key.batch(0, A, 0, 1000);
        PartialBuilder builder = new SessionsPartialBuilder(QUERY.gapMs(), 1);
        builder.add(B, new InputEvent(1, 1, 0, 0, "t", null));

        Partial untimed = builder.build().values().iterator().next();

        say(key.advance(untimed)).containsExactly("OPEN 1 rev 1 1..1 events 1 late 0");
    }

    @Test
    void the_messages_of_a_key_go_out_in_order_of_start() {
        say(key.events(3000, 1000, 2000))
                .containsExactly(
                        "CLOSED 1000 rev 1 1000..1000 events 1 late 0",
                        "CLOSED 2000 rev 1 2000..2000 events 1 late 0",
                        "OPEN 3000 rev 1 3000..3000 events 1 late 0");
    }

    @Test
    void growth_is_published_at_most_once_per_emit_every_and_catches_up_without_events() {
        KeyScript slow = new KeyScript(new SessionsAggregation(SUBJECT, 10, 100, 3000, 50_000));

        say(slow.events(1000)).hasSize(1);
        say(slow.events(1001)).isEmpty();
        say(slow.events(1002)).isEmpty();
        slow.state = Serialized.again(slow.state);
        say(slow.seenThrough(0)).containsExactly("OPEN 1000 rev 2 1000..1002 events 3 late 0");
        say(slow.seenThrough(0)).isEmpty();
    }

    @Test
    void closing_and_merging_do_not_wait_for_emit_every() {
        KeyScript slow = new KeyScript(new SessionsAggregation(SUBJECT, 10, 100, 1_000_000, 50_000));
        slow.events(1000, 1020);

        say(slow.events(1005)).isEmpty();
        say(slow.events(1010)).hasSize(2);
        say(slow.seenThrough(10_111)).containsExactly("CLOSED 1000 rev 3 1000..1020 events 4 late 0");
    }

    @Test
    void opening_again_does_not_wait_for_emit_every() {
        KeyScript slow = new KeyScript(new SessionsAggregation(SUBJECT, 10, 100, 1_000_000, 50_000));
        slow.events(1000);
        slow.seenThrough(10_111);

        say(slow.batch(10_111, A, 10_200, 1010)).containsExactly("OPEN 1000 rev 3 1000..1010 events 2 late 0");
    }

    @Test
    void a_session_of_this_batch_is_silent_only_after_the_whole_time_as_well() {
        say(key.batch(10_110, A, 10_000, 1000)).containsExactly("OPEN 1000 rev 1 1000..1000 events 1 late 0");
        say(key.batch(10_111, B, 10_000, 1000))
                .containsExactly(
                        "CLOSED 1000 rev 2 1000..1000 events 1 late 0", "CLOSED 1000 rev 1 1000..1000 events 1 late 0");
    }

    @Test
    void a_key_is_forgotten_when_seen_through_is_far_enough() {
        key.batch(0, A, 10_000, 1000);
        key.seenThrough(60_000);
        assertThat(key.state.size()).isEqualTo(1);

        key.seenThrough(60_001);

        assertThat(key.state.size()).isZero();
        assertThat(key.state.ledger().groups()).containsEntry(4, new EventCounts(1, 0, 0));
        say(key.seenThrough(100_000)).isEmpty();
    }

    @Test
    void a_key_is_not_forgotten_before_its_sessions_can_close() {
        KeyScript hasty = new KeyScript(new SessionsAggregation(SUBJECT, 10, 100, 1000, 0));
        hasty.batch(0, A, 10_000, 1000);

        say(hasty.seenThrough(10_111)).containsExactly("CLOSED 1000 rev 2 1000..1000 events 1 late 0");
        assertThat(hasty.state.size()).isZero();
    }

    @Test
    void of_more_keys_than_there_may_be_the_one_not_heard_of_for_longest_goes_and_its_session_is_closed() {
        KeyScript one = new KeyScript(new SessionsAggregation(SUBJECT, 10, 100, 1000, 50_000, 1));
        one.batch(0, A, 10_000, 1000);

        say(one.batch(0, B, 10_001, 1000))
                .containsExactly(
                        "OPEN 1000 rev 1 1000..1000 events 1 late 0", "CLOSED 1000 rev 2 1000..1000 events 1 late 0");
        assertThat(one.state.size()).isEqualTo(1);
        assertThat(one.state.stateSize().dropped()).isEqualTo(1);
        assertThat(one.state.stateSize().droppedMs()).isEqualTo(2_000);
        assertThat(one.state.ledger().groups()).containsEntry(4, new EventCounts(2, 0, 0));
        assertThat(Serialized.again(one.state)).isEqualTo(one.state);
        say(one.batch(0, A, 10_002, 1000)).first().isEqualTo("OPEN 1000 rev 1 1000..1000 events 1 late 0");
    }

    @Test
    void the_length_of_keys_is_in_what_the_state_takes_until_they_go() {
        KeyScript one = new KeyScript(new SessionsAggregation(SUBJECT, 10, 100, 1000, 50_000, 1));
        String longer = "[\"" + "a".repeat(1000) + "\"]";

        one.batch(0, longer, 10_000, 1000);
        one.batch(0, longer, 10_001, 1001);
        assertThat(one.state.stateSize().bytes()).isEqualTo(64 + 980 + 2 * 1004);
        assertThat(Serialized.again(one.state).stateSize()).isEqualTo(one.state.stateSize());

        one.batch(0, "[\"b\"]", 10_002, 1000);
        assertThat(one.state.stateSize().bytes()).isEqualTo(64 + 980 + 2 * 5);
    }

    @Test
    void a_session_tells_its_metrics() {
        List<SessionResult> results = key.events(1000, 1004, 1002);

        SessionResult.Metric metric = ((SessionResult.Metrics) results.get(0).content())
                .byName()
                .values()
                .iterator()
                .next();
        assertThat(((SessionResult.Metrics) results.get(0).content()).byName()).containsOnlyKeys("t");
        assertThat(metric.count()).isEqualTo(3);
        assertThat(metric.figures().min()).isEqualTo(1000.0);
        assertThat(metric.figures().max()).isEqualTo(1004.0);
        assertThat(metric.figures().mean()).isEqualTo(1002.0);
        assertThat(metric.last()).isEqualTo(1004.0);
    }

    @Test
    void a_state_arrives_as_it_was_sent() {
        key.events(1000, 1200, 1300);
        key.batch(10_500, B, 10_500, 700);

        assertThat(Serialized.again(key.state)).isEqualTo(key.state).isNotEqualTo(SessionsState.EMPTY);
    }

    @Test
    void the_input_of_another_kind_is_refused() {
        assertThatThrownBy(() -> key.advance(new LedgerPartial(LedgerCounts.NONE, Partial.NO_TICK)))
                .hasMessage("input: LedgerPartial (expected: SessionsPartial or TickPartial)");
    }

    private static ListAssert<String> say(List<SessionResult> results) {
        return assertThat(results.stream().map(KeyScript::text).toList());
    }
}
