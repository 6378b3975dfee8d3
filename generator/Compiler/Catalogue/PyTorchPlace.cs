namespace Strata.Compiler.Catalogue;

/// <summary>A place in the order of the arguments of PyTorch's module.</summary>
/// <param name="Argument">The argument's name here; null if it is not written in Strata.</param>
/// <param name="Reason">Why it is not written.</param>
internal sealed record PyTorchPlace(string? Argument, string Reason = "")
{
    public static implicit operator PyTorchPlace(string argument) => new(argument);

    /// <summary>An argument that follows from something else.</summary>
    public static PyTorchPlace Known(string reason) => new(null, reason);
}
