package io.tidegate.gateway.ops;

import io.tidegate.gateway.log.GroupCursors;
import io.tidegate.gateway.log.LogStore;
import io.tidegate.gateway.log.LogTotals;
import io.tidegate.gateway.log.Tally;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The gateway's ledger as {@code /ledger} shows it. Unit: events; a message that can't be decoded is one.
 *
 * <p>Laws: of a source, {@code received = logged + duplicate + deadLettered + refused + presence + retainedIgnored}; of
 * the log, {@code logged = trimmed + retained}, and it is the sum of what the sources had logged; of a consumer group,
 * {@code logged = committed + expired + deliveredUncommitted + waiting}. A residual is what a law leaves unexplained: 0, or there
 * is a defect.
 *
 * @param residual the sum of all of them, without their signs
 */
public record Ledger(List<SourceLine> sources, LogLine log, List<GroupLine> groups, long residual) {

    /** A line of the ledger, which a law is about. */
    public sealed interface Line {

        /** What the law leaves unexplained. */
        long residual();
    }

    /** What became of a source's events. */
    public record SourceLine(
            String source,
            long received,
            long logged,
            long duplicate,
            long deadLettered,
            long refused,
            long presence,
            long retainedIgnored,
            long residual)
            implements Line {

        static SourceLine of(String source, Tally tally) {
            return new SourceLine(
                    source,
                    tally.received(),
                    tally.logged(),
                    tally.duplicate(),
                    tally.deadLettered(),
                    tally.refused(),
                    tally.presence(),
                    tally.retainedIgnored(),
                    tally.residual());
        }
    }

    /** What became of the log's events. */
    public record LogLine(long logged, long trimmed, long retained, long residual) implements Line {

        static LogLine of(LogTotals log) {
            long bySources =
                    log.sources().values().stream().mapToLong(Tally::logged).sum();
            long unexplained = Math.abs(log.logged() - log.trimmed() - log.retained());
            return new LogLine(
                    log.logged(), log.trimmed(), log.retained(), unexplained + Math.abs(bySources - log.logged()));
        }
    }

    /** How far a consumer group is. */
    public record GroupLine(
            String group,
            long logged,
            long committed,
            long expired,
            long deliveredUncommitted,
            long waiting,
            long residual)
            implements Line {

        static GroupLine of(GroupCursors group, long logged, long expired) {
            long settled = sum(group.committed());
            long delivered = Math.max(settled, sum(group.delivered()));
            long waiting = Math.max(0, logged - delivered);
            return new GroupLine(
                    group.group(),
                    logged,
                    settled - expired,
                    expired,
                    delivered - settled,
                    waiting,
                    logged - delivered - waiting);
        }

        private static long sum(List<Long> positions) {
            return positions.stream().mapToLong(Long::longValue).sum();
        }
    }

    /** The ledger of the store. The groups are read first: what they have then, the log has as well. */
    public static Ledger of(LogStore store) {
        Map<GroupCursors, Long> groups = new LinkedHashMap<>();
        store.groups()
                .values()
                .forEach(group -> groups.put(group, store.expired(group.group()).events()));
        return of(store.ledger(), groups);
    }

    static Ledger of(LogTotals log, Map<GroupCursors, Long> groups) {
        List<SourceLine> sources = log.sources().entrySet().stream()
                .map(source -> SourceLine.of(source.getKey(), source.getValue()))
                .toList();
        LogLine line = LogLine.of(log);
        List<GroupLine> lines = groups.entrySet().stream()
                .map(group -> GroupLine.of(group.getKey(), log.logged(), group.getValue()))
                .toList();
        long residual = lines(sources, line, lines)
                .mapToLong(each -> Math.abs(each.residual()))
                .sum();
        return new Ledger(sources, line, lines, residual);
    }

    /** The lines of which a law leaves something unexplained. */
    List<Line> unbalanced() {
        return lines(sources, log, groups).filter(line -> line.residual() != 0).toList();
    }

    private static Stream<Line> lines(List<SourceLine> sources, LogLine log, List<GroupLine> groups) {
        return Stream.<List<? extends Line>>of(sources, List.of(log), groups).flatMap(List::stream);
    }
}
