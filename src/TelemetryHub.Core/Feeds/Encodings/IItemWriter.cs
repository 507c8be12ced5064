using TelemetryHub.Core.Feeds.Queries;

namespace TelemetryHub.Core.Feeds.Encodings;

/// <summary>Writes an item, which is a map in every encoding: JSON and CBOR are told the same.</summary>
internal interface IItemWriter
{
    /// <summary>The map begins and will have this many members.</summary>
    void Start(int members);

    /// <summary>The name of a member, one that needs no escapes; its value follows.</summary>
    void Name(ReadOnlySpan<byte> name);

    void Text(ReadOnlySpan<byte> utf8);

    void Text(string text);

    void Cursor(ReadOnlySpan<byte> epoch, long sequence);

    void Time(long unixMilliseconds);

    void Number(long number);

    void Bool(bool value);

    void Null();

    /// <summary>The last member: the payload with its name.</summary>
    void Payload(ReadOnlySpan<byte> payload, FieldSelection? fields);

    /// <summary>The map ends.</summary>
    void End();
}
