using System.Buffers.Text;

namespace TelemetryHub.Core.Feeds;

/// <summary>
/// A place in a log as users see it: <c>epoch-sequence</c>. It means "everything up to and including this sequence has been seen". The epoch names the log.
/// </summary>
/// <param name="Epoch">The name of the log.</param>
/// <param name="Sequence">The newest sequence that has been seen; 0 = none.</param>
public readonly record struct Cursor(string Epoch, long Sequence)
{
    /// <summary>Longer texts are no cursors (they are a header or a query parameter of somebody).</summary>
    public const int MaxLength = 128;

    /// <summary>Reads what <see cref="ToString"/> writes. False for anything else.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Cursor cursor)
    {
        cursor = default;
        var dash = text.LastIndexOf('-');
        if (dash < 1 || text.Length > MaxLength || !IsEpoch(text[..dash]) || !TryParseSequence(text[(dash + 1)..], out var sequence))
            return false;
        cursor = new Cursor(text[..dash].ToString(), sequence);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Epoch}-{Sequence}";

    /// <summary>Writes the text of a cursor of this epoch and returns its length. 21 bytes more than the epoch always suffice.</summary>
    public static int Write(Span<byte> into, ReadOnlySpan<byte> epoch, long sequence)
    {
        epoch.CopyTo(into);
        into[epoch.Length] = (byte)'-';
        Utf8Formatter.TryFormat(sequence, into[(epoch.Length + 1)..], out var digits);
        return epoch.Length + 1 + digits;
    }

    // Anything else makes a browser ask for permission before it reconnects (CORS).
    private static bool IsEpoch(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-'))
                return false;
        }
        return true;
    }

    private static bool TryParseSequence(ReadOnlySpan<char> digits, out long sequence)
    {
        sequence = 0;
        return digits.Length is > 0 and <= 19 && !digits.ContainsAnyExceptInRange('0', '9') && long.TryParse(digits, out sequence);
    }
}
