using System.Text;
using System.Text.Unicode;
using TelemetryHub.Core.Access;

namespace TelemetryHub.Core.Journaling.Format;

/// <summary>Gives a publisher its number in this segment, before the first event that uses it. Numbers count from 1; 0 is the hub itself.</summary>
internal readonly ref struct PublisherFrame
{
    /// <summary>The number of <see cref="Principal.Hub"/>, which has no frame.</summary>
    public const int Hub = 0;

    public int Id { get; private init; }

    public ReadOnlySpan<byte> ClientId { get; private init; }

    public bool HasUser { get; private init; }

    public ReadOnlySpan<byte> User { get; private init; }

    public Principal ToPrincipal() => new(Encoding.UTF8.GetString(ClientId), HasUser ? Encoding.UTF8.GetString(User) : null);

    public static bool TryRead(ReadOnlySpan<byte> body, out PublisherFrame frame)
    {
        frame = default;
        var at = 0;
        if (!Varint.TryRead(body, ref at, out int id) || id == Hub || !Varint.TryRead(body, ref at, out int length))
            return false;
        if (length > body.Length - at - 1 || !Utf8.IsValid(body[at..]))
            return false;
        var userAt = at + length;
        frame = new PublisherFrame { Id = id, ClientId = body[at..userAt], HasUser = body[userAt] != 0, User = body[(userAt + 1)..] };
        return true;
    }
}
