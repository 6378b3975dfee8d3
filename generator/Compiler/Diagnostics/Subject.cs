namespace Strata.Compiler.Diagnostics;

/// <summary>What a problem is about.</summary>
/// <param name="Site">The place where it is reported.</param>
/// <param name="Label">How its message calls the layer: <c>Conv2D 'conv1'</c>.</param>
internal readonly record struct Subject(Site Site, string Label)
{
    /// <summary>An argument of the same attribute.</summary>
    public Subject At(string argument) => this with { Site = Site.At(argument) };
}
