package io.tidegate.gateway.decode.readings;

import io.tidegate.gateway.decode.ByteOrderMark;
import io.tidegate.gateway.decode.Limits;
import io.tidegate.gateway.decode.LineDecoder;
import io.tidegate.gateway.decode.LineSplitter.Place;
import io.tidegate.gateway.decode.MalformedInput;
import io.tidegate.gateway.decode.Reason;
import io.tidegate.gateway.decode.StrictUtf8;
import io.tidegate.protocol.v1.Event;
import java.util.Arrays;
import java.util.List;

/** Readings in JSON that name their device, one a line or one an element of an array; each is good or bad for itself. */
public final class ReadingLines extends LineDecoder {

    private final JsonReadings json;

    /** Begins a file or body. */
    public ReadingLines(JsonReadings json, Limits limits) {
        super(Kind.READINGS, limits);
        this.json = json;
    }

    @Override
    public int lineBytes() {
        return limits.payloadBytes();
    }

    @Override
    public void line(byte[] bytes, int from, int to, Place place) {
        int begin = ByteOrderMark.skip(bytes, from, to);
        if (!isBlank(bytes, begin, to)) {
            super.line(bytes, begin, to, place);
        }
    }

    @Override
    protected void decode(byte[] bytes, int from, int to, long receiptMs, List<Event> into) throws MalformedInput {
        if (ByteOrderMark.isUtf16(bytes, from, to)) {
            throw new MalformedInput(Reason.INVALID_UTF8, StrictUtf8.UTF16);
        }
        into.addAll(json.ofDevice(Arrays.copyOfRange(bytes, from, to), receiptMs));
    }

    private static boolean isBlank(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] < 0 || bytes[i] > ' ') {
                return false;
            }
        }
        return true;
    }
}
