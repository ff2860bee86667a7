package io.tidegate.spark.client.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;

class OffsetRangeTest {

    @Example
    void a_large_range_is_cut_and_small_ones_share() {
        List<OffsetRange> ranges =
                List.of(new OffsetRange(0, 0, 25), new OffsetRange(1, 7, 10), new OffsetRange(2, 0, 3));

        assertThat(OffsetRange.shares(ranges, 10))
                .containsExactly(
                        List.of(new OffsetRange(0, 0, 10)),
                        List.of(new OffsetRange(0, 10, 20)),
                        List.of(new OffsetRange(0, 20, 25), new OffsetRange(1, 7, 10)),
                        List.of(new OffsetRange(2, 0, 3)));
    }

    @Property
    void shares_hold_every_offset_once_and_none_too_many(
            @ForAll("ranges") List<OffsetRange> ranges, @ForAll @LongRange(min = 1, max = 400) long most) {
        List<List<OffsetRange>> shares = OffsetRange.shares(ranges, most);

        assertThat(shares)
                .allSatisfy(share -> assertThat(
                                share.stream().mapToLong(OffsetRange::count).sum())
                        .isBetween(1L, most));
        List<String> inShares = shares.stream()
                .flatMap(List::stream)
                .flatMap(range -> offsets(range).stream())
                .toList();
        List<String> wanted =
                ranges.stream().flatMap(range -> offsets(range).stream()).toList();
        assertThat(inShares).isEqualTo(wanted);
        assertThat(OffsetRange.shares(ranges, most)).isEqualTo(shares);
    }

    @Provide
    Arbitrary<List<OffsetRange>> ranges() {
        Arbitrary<Long> counts = Arbitraries.longs().between(1, 1_000);
        return counts.list().ofMaxSize(8).map(sizes -> {
            List<OffsetRange> ranges = new ArrayList<>();
            for (int keyGroup = 0; keyGroup < sizes.size(); keyGroup++) {
                ranges.add(new OffsetRange(keyGroup, 10, 10 + sizes.get(keyGroup)));
            }
            return ranges;
        });
    }

    private static List<String> offsets(OffsetRange range) {
        List<String> offsets = new ArrayList<>();
        for (long offset = range.from(); offset < range.next(); offset++) {
            offsets.add(range.keyGroup() + "/" + offset);
        }
        return offsets;
    }
}
