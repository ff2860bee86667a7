package io.tidegate.processor.aggregate.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.processor.aggregate.InputEvent;
import io.tidegate.processor.aggregate.Partial;
import io.tidegate.processor.aggregate.PartialBuilder;
import io.tidegate.processor.aggregate.StateUpdate;
import io.tidegate.processor.aggregate.TickPartial;
import io.tidegate.processor.result.SessionResult;
import java.util.List;

/** A story about keys: batches of event times go in, session messages come out. Gap 10, allowed lateness 100. */
final class KeyScript {

    static final String A = "[\"a\"]";
    static final String B = "[\"b\"]";

    final SessionsAggregation query;
    SessionsState state = SessionsState.EMPTY;
    private long batch = 0;
    private long offset = 0;

    KeyScript(SessionsAggregation query) {
        this.query = query;
    }

    /** Events of A at these times, received at 10,000 unless a tick said otherwise; silence is far away. */
    List<SessionResult> events(long... times) {
        return batch(0, A, 10_000, times);
    }

    /** Nothing but a tick. */
    List<SessionResult> seenThrough(long seenThrough) {
        return batch(seenThrough, A, 0);
    }

    /** A batch of events of one key, received at a time, with its tick. */
    List<SessionResult> batch(long seenThrough, String key, long received, long... times) {
        batch += 1000;
        Partial input = new TickPartial(batch, seenThrough);
        PartialBuilder builder = new SessionsPartialBuilder(query.gapMs(), 1);
        for (long time : times) {
            builder.add(key, new InputEvent(time, received, 4, offset++, "t", (double) time));
        }
        for (Partial partial : builder.build().values()) {
            input = input.merge(partial);
        }
        return advance(input);
    }

    List<SessionResult> advance(Partial input) {
        StateUpdate<SessionsState> update = state.advance(input, batch, query);
        assertThat(state.advance(input, batch, query))
                .as("advancing twice from one state")
                .isEqualTo(update);
        state = update.state();
        return update.results().stream().map(SessionResult.class::cast).toList();
    }

    /** A message in short: state, identity, revision, start, end, events, late. */
    static String text(SessionResult result) {
        return result.state() + " " + result.session() + " rev "
                + result.header().rev() + " " + result.startMs() + ".."
                + result.endMs() + " events " + result.events() + " late " + result.late()
                + (result.into() == null ? "" : " into " + result.into());
    }
}
