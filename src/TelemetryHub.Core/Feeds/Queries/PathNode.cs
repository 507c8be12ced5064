namespace TelemetryHub.Core.Feeds.Queries;

/// <summary>
/// One step of the paths that a query names: a member of an object, or (<see cref="Name"/> is null) an element of an array.
/// Zero as a link is none: nothing leads to the root.
/// </summary>
internal struct PathNode
{
    public byte[]? Name;
    public int Index;
    public int FirstChild;
    public int NextSibling;
}
