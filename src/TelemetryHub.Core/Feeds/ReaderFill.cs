namespace TelemetryHub.Core.Feeds;

/// <summary>What a call of <see cref="FeedReader.Fill"/> came to.</summary>
public enum ReaderFill : byte
{
    /// <summary>Everything there is was written; the owner is woken when there is more.</summary>
    Empty,

    /// <summary>There is more: fill again when this has been taken.</summary>
    More,

    /// <summary>The reader has ended, and has said why: close when this has been taken.</summary>
    End,
}
