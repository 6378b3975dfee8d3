using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Operators;

namespace Strata.Compiler.Declarations;

/// <summary>A network at another size of its inputs.</summary>
internal static class SizedNetwork
{
    private static readonly string InputType = AttributeDeclaration.BuiltInType(nameof(Input)),
        SizesType = AttributeDeclaration.BuiltInType(nameof(Sizes));

    /// <summary>A size as messages write it: 48×160.</summary>
    public static string Text(IEnumerable<int> extents) => string.Join("×", extents.Select(extent => Arithmetic.Number(extent)));

    /// <summary>The index of the attribute that declares further sizes; −1 if there is none.</summary>
    public static int SizesOf(NetworkDeclaration declaration) => declaration.IndexOf(SizesType);

    /// <summary>The declaration with another size, as its only one.</summary>
    /// <param name="declaration">The network at the size that it was declared with.</param>
    /// <param name="extents">The extents of all inputs without channels.</param>
    public static NetworkDeclaration Resize(NetworkDeclaration declaration, IEnumerable<int> extents)
    {
        var left = new Queue<int>(extents);
        return declaration with
        {
            Attributes = declaration.Attributes.Select(attribute => attribute.Type switch
            {
                _ when attribute.Type == InputType => Resize(attribute, left),
                _ when attribute.Type == SizesType => attribute with { Arguments = [] },
                _ => attribute,
            }).ToEquatableArray(),
        };
    }

    /// <summary>
    /// Why the network cannot be had at a size: a parameter would have another shape there, such as the weight of a dense layer behind
    /// Flatten. Null if all parameters are the same.
    /// </summary>
    public static string? Mismatch(ISizedLayers declared, ISizedLayers sized)
    {
        foreach (((string key, string layer, IReadOnlyList<int> shape), (_, _, IReadOnlyList<int> there)) in
            declared.Parameters.Zip(sized.Parameters, (one, other) => (one, other)))
        {
            if (!shape.SequenceEqual(there))
            {
                return $"'{layer}' fixes it: its parameter {key} is {Shape(shape)}, and would be {Shape(there)} at {sized.Size}. "
                    + $"At {declared.Size} it reads {Read(declared, layer)}; at {sized.Size} it reads {Read(sized, layer)}.";
            }
        }

        return null;
    }

    /// <summary>An input with other extents behind its channels, which are taken from those that are left.</summary>
    private static AttributeDeclaration Resize(AttributeDeclaration input, Queue<int> left)
    {
        bool isFirst = true;
        return input with
        {
            Arguments = input.Arguments.Select(argument =>
            {
                if (!NumberList.ExtentNames.Contains(argument.Name))
                {
                    return argument;
                }

                AttributeArgument resized = isFirst ? argument : argument with { Value = left.Dequeue() };
                isFirst = false;
                return resized;
            }).ToEquatableArray(),
        };
    }

    /// <summary>The shape of a parameter as messages write it: (10, 784).</summary>
    private static string Shape(IEnumerable<int> extents) => $"({string.Join(", ", extents.Select(extent => Arithmetic.Number(extent)))})";

    /// <summary>What a layer reads, with the arithmetic of its shape.</summary>
    private static string Read(ISizedLayers network, string layer)
    {
        (string name, IReadOnlyList<int> shape, string formula) = network.ReadBy(layer);
        return $"{Text(shape)} of '{name}'{(formula.Length > 0 ? $" ({formula})" : "")}";
    }
}
