using System.Globalization;
using System.Text;
using TelemetryHub.Core.Log;

namespace TelemetryHub.Core.Tests.Journaling.PowerCuts;

/// <summary>
/// State that remembers every record it was given. Each begins with its number, so that one that comes twice is known; <c>released</c> gives back the
/// packet id of a session.
/// </summary>
internal sealed class NumberedImage : IStateImage
{
    private readonly List<string> _records = [];
    private readonly SortedSet<(uint Session, ushort PacketId)> _taken = [];
    private long _last;

    public StatePart Part => StatePart.Sessions;

    public IReadOnlyList<string> Records => _records;

    public bool IsTaken(uint session, ushort packetId) => _taken.Contains((session, packetId));

    public static string Release(uint session, ushort packetId) => string.Create(CultureInfo.InvariantCulture, $"released {session} {packetId}");

    public void Apply(ReadOnlySpan<byte> record)
    {
        var text = Encoding.UTF8.GetString(record);
        var words = text.Split(' ');
        var number = long.Parse(words[0], CultureInfo.InvariantCulture);
        if (number <= _last)
            return;
        _last = number;
        _records.Add(text);
        if (words[1] == "released")
            _taken.Remove((uint.Parse(words[2], CultureInfo.InvariantCulture), ushort.Parse(words[3], CultureInfo.InvariantCulture)));
    }

    public void Received(uint session, ushort packetId) => _taken.Add((session, packetId));

    public void Write(SnapshotBlock write)
    {
        foreach (var record in _records)
            write(Encoding.UTF8.GetBytes(record));
        foreach (var (session, packetId) in _taken)
            write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"taken {session} {packetId}")));
    }

    public void Read(ReadOnlySpan<byte> block)
    {
        var words = Encoding.UTF8.GetString(block).Split(' ');
        if (words[0] == "taken")
            Received(uint.Parse(words[1], CultureInfo.InvariantCulture), ushort.Parse(words[2], CultureInfo.InvariantCulture));
        else
            Apply(block);
    }
}
