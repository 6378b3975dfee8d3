using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Catalogue;
using Strata.Compiler.Declarations;
using Strata.Compiler.Operators;

namespace Strata.Compiler.Emission;

/// <summary>A network at another size of its inputs.</summary>
internal static class SizedNetwork
{
    /// <summary>The declaration with another size.</summary>
    /// <param name="declaration">The network at the size that it was declared with.</param>
    /// <param name="extents">The extents of all inputs without channels.</param>
    public static NetworkDeclaration Resize(NetworkDeclaration declaration, ReadOnlySpan<int> extents)
    {
        var resized = new List<AttributeDeclaration>();
        foreach (AttributeDeclaration attribute in declaration.Attributes)
        {
            resized.Add(attribute.Type == AttributeDeclaration.BuiltInType(nameof(Input)) ? Resize(attribute, ref extents) : attribute);
        }

        return declaration with { Attributes = resized.ToEquatableArray() };
    }

    /// <summary>Refuses a size at which a parameter has another shape, such as the weight of a dense layer behind Flatten.</summary>
    /// <exception cref="NetworkException">There is such a parameter.</exception>
    public static void CheckParameters(NetworkInfo declared, NetworkInfo sized, ReadOnlySpan<int> extents)
    {
        for (int i = 0; i < declared.Parameters.Count; i++)
        {
            ParameterInfo own = declared.Parameters[i];
            if (!own.Shape.SequenceEqual(sized.Parameters[i].Shape))
            {
                string declaredSize = InputSize.Text(new InputSize(declared).Extents), size = InputSize.Text(extents);
                throw new NetworkException(
                    $"{declared.Name} has one size, {declaredSize}, because '{own.Layer}' fixes it: its parameter {own.Key} is "
                    + $"{MessageText.Shape(own.Shape)}, and would be {MessageText.Shape(sized.Parameters[i].Shape)} at {size}. "
                    + $"At {declaredSize} it reads {Read(declared, own.Layer)}; at {size} it reads {Read(sized, own.Layer)}.");
            }
        }
    }

    /// <summary>An input with other extents behind its channels, which are taken from those that are left.</summary>
    private static AttributeDeclaration Resize(AttributeDeclaration input, ref ReadOnlySpan<int> left)
    {
        AttributeArgument[] arguments = [.. input.Arguments];
        bool isFirst = true;
        for (int i = 0; i < arguments.Length; i++)
        {
            if (!NumberList.ExtentNames.Contains(arguments[i].Name))
            {
                continue;
            }

            if (!isFirst)
            {
                arguments[i] = AttributeArgument.Create(arguments[i].Name, left[0]);
                left = left[1..];
            }

            isFirst = false;
        }

        return input with { Arguments = arguments.ToEquatableArray() };
    }

    /// <summary>What a layer reads, with the arithmetic of its shape.</summary>
    private static string Read(NetworkInfo network, string layer)
    {
        LayerInfo of = network.Layers.First(one => one.Name == layer);
        string input = of.Inputs.Count > 0 ? of.Inputs[0]
            : network.Layers.TakeWhile(one => one != of).LastOrDefault()?.Name ?? network.Inputs[0].Name;
        LayerInfo? before = network.Layers.FirstOrDefault(one => one.Name == input);
        string read = $"{InputSize.Text([.. before?.OutputShape ?? network.InputShape])} of '{input}'";
        return before is { Formula: { Length: > 0 } formula } ? $"{read} ({formula})" : read;
    }
}
