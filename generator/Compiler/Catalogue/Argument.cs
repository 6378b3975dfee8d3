namespace Strata.Compiler.Catalogue;

/// <summary>An argument of a layer or a loss: its value and its name.</summary>
/// <param name="Name">Its name in the declaration, for messages. Empty if code made the definition: messages use the name in C#.</param>
/// <param name="IsSet">Whether it was written. If not, the value is the default.</param>
internal readonly record struct Argument<T>(T Value, string Name = "", bool IsSet = true)
{
    public static implicit operator Argument<T>(T value) => new(value);
}
