using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Strata.Compiler.Operators;

namespace Strata.Numerics.Tests.Building;

/// <summary>
/// The methods of <see cref="NetworkBuilder"/> for layers and losses: one for each constructor of an attribute, with its parameters, its
/// properties in camel case, and its documentation.
/// </summary>
internal static partial class BuilderText
{
    private static readonly Assembly Runtime = typeof(CompiledNetwork).Assembly;

    /// <summary>Documentation by the names of members.</summary>
    private static readonly Dictionary<string, XElement> Documentation = XDocument
        .Load(Path.ChangeExtension(Runtime.Location, ".xml"), LoadOptions.PreserveWhitespace)
        .Descendants("member").ToDictionary(member => member.Attribute("name")!.Value);

    public static string Write()
    {
        var text = new StringBuilder("""
            using System.Collections.Generic;

            namespace Strata;

            // Written by BuilderTextTests from the attributes; STRATA_ACCEPT=1 writes it again.
            #nullable enable
            public sealed partial class NetworkBuilder
            {

            """);
        bool isFirst = true;
        foreach (Operator known in OperatorSet.BuiltIn.All.Where(one => one is LayerOperator or LossOperator))
        {
            Type attribute = Runtime.GetType(known.Type, throwOnError: true)!;
            foreach (ConstructorInfo constructor in attribute.GetConstructors().OrderBy(one => one.GetParameters().Length))
            {
                text.Append(isFirst ? "" : "\n");
                isFirst = false;
                Method(text, known, attribute, constructor);
            }
        }

        return text.Append("}\n").ToString();
    }

    private static void Method(StringBuilder text, Operator known, Type attribute, ConstructorInfo constructor)
    {
        System.Reflection.ParameterInfo[] parameters = constructor.GetParameters();
        PropertyInfo[] properties = [.. Properties(attribute)];
        Line(text, $"/// <summary>{Text(Find($"T:{attribute.FullName}")?.Element("summary"))}</summary>");
        foreach (System.Reflection.ParameterInfo parameter in parameters)
        {
            Line(text, $"/// <param name=\"{parameter.Name}\">{Text(ParameterDocumentation(attribute, constructor, parameter))}</param>");
        }

        foreach (PropertyInfo property in properties)
        {
            Line(text, $"/// <param name=\"{Camel(property.Name)}\">{Text(OfProperty(attribute, property.Name))}</param>");
        }

        Line(text, "/// <returns>This builder.</returns>");
        string[] declared =
        [
            .. parameters.Select(parameter => $"{Type(parameter.ParameterType)}{(IsListOfNames(parameter) ? "?" : "")} "
                + Name(parameter.Name!)
                + (parameter.HasDefaultValue || IsListOfNames(parameter) ? $" = {Default(parameter)}" : "")),
            .. properties.Select(property => $"{Type(property.PropertyType)}? {Name(Camel(property.Name))} = null"),
        ];
        Line(text, $"public NetworkBuilder {known.Kind}(");
        Wrapped(text, declared, ") => Append(");
        string[] arguments =
        [
            .. parameters.Select(parameter => $"(\"{parameter.Name}\", {Name(parameter.Name!)})"),
            .. properties.Select(property => $"(\"{property.Name}\", {Name(Camel(property.Name))})"),
        ];
        Line(text, $"    \"{known.Kind}\",");
        Wrapped(text, [.. arguments.Select((argument, i) =>
            (i == 0 ? "[" : "") + argument + (i == arguments.Length - 1 ? "]" : ""))], ");", arguments.Length == 0 ? "[]" : "");
    }

    /// <summary>Those that an attribute sets by name, its own first.</summary>
    private static IEnumerable<PropertyInfo> Properties(Type attribute) => attribute
        .GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.SetMethod is { IsPublic: true })
        .OrderBy(property => property.DeclaringType == attribute ? 0 : 1);

    private static void Wrapped(StringBuilder text, string[] items, string end, string none = "")
    {
        int width = 132 - end.Length;
        var line = new StringBuilder(none);
        for (int i = 0; i < items.Length; i++)
        {
            string item = items[i] + (i < items.Length - 1 ? "," : "");
            if (line.Length > 0 && line.Length + item.Length + 1 > width)
            {
                Line(text, "    " + line);
                line.Clear();
            }

            line.Append(line.Length == 0 ? "" : " ").Append(item);
        }

        Line(text, "    " + line + end);
    }

    private static void Line(StringBuilder text, string line)
    {
        const int Width = 140;
        string rest = line;
        while (rest.Length + 4 > Width && rest.StartsWith("///", StringComparison.Ordinal))
        {
            int cut = rest.LastIndexOf(' ', Width - 5);
            text.Append("    ").Append(rest[..cut]).Append('\n');
            rest = "/// " + rest[(cut + 1)..];
        }

        text.Append("    ").Append(rest).Append('\n');
    }

    /// <summary>Whether a parameter is a list of tensors, which may be empty.</summary>
    private static bool IsListOfNames(System.Reflection.ParameterInfo parameter) => parameter.ParameterType == typeof(string[]);

    private static string Type(Type type) => type == typeof(int) ? "int" : type == typeof(double) ? "double" : type == typeof(bool) ? "bool"
        : type == typeof(string) ? "string" : type.IsEnum ? type.Name
        : type.IsArray ? $"IReadOnlyList<{Type(type.GetElementType()!)}>"
        : throw new NotSupportedException($"An argument of the type {type}.");

    private static string Default(System.Reflection.ParameterInfo parameter) => parameter.DefaultValue switch
    {
        null or DBNull => "null",
        bool truth => truth ? "true" : "false",
        string words => $"\"{words}\"",
        Enum member => $"{member.GetType().Name}.{member}",
        IFormattable number when parameter.ParameterType.IsEnum =>
            $"{parameter.ParameterType.Name}.{Enum.ToObject(parameter.ParameterType, number)}",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        var other => other.ToString()!,
    };

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    private static string Name(string name) => name is "params" or "out" or "in" or "ref" ? "@" + name : name;

    private static XElement? ParameterDocumentation(Type attribute, ConstructorInfo constructor, System.Reflection.ParameterInfo parameter)
    {
        string types = string.Join(",", constructor.GetParameters().Select(one => one.ParameterType.FullName));
        string member = $"M:{attribute.FullName}.#ctor" + (types.Length == 0 ? "" : $"({types})");
        return ParameterIn(Find(member), parameter) ?? ParameterIn(Find($"T:{attribute.FullName}"), parameter);
    }

    private static XElement? ParameterIn(XElement? member, System.Reflection.ParameterInfo parameter) =>
        member?.Elements("param").FirstOrDefault(one => one.Attribute("name")?.Value == parameter.Name);

    /// <summary>That of the attribute, or of the class that it derives from.</summary>
    private static XElement? OfProperty(Type attribute, string name)
    {
        for (Type? type = attribute; type is not null; type = type.BaseType)
        {
            if (Find($"P:{type.FullName}.{name}") is { } member)
            {
                return member.Element("summary");
            }
        }

        throw new InvalidOperationException($"{attribute.FullName}.{name} has no documentation.");
    }

    /// <summary>The documentation of a member, or of the one from which it inherits it.</summary>
    private static XElement? Find(string member)
    {
        XElement? found = Documentation.GetValueOrDefault(member);
        return found?.Element("inheritdoc")?.Attribute("cref")?.Value is { } other ? Find(other) : found;
    }

    private static string Text(XElement? element)
    {
        if (element is null)
        {
            throw new InvalidOperationException("A member without documentation.");
        }

        string inner = string.Concat(element.Nodes().Select(node => node.ToString(SaveOptions.DisableFormatting)));
        inner = Reference().Replace(inner, "$1");
        return Spaces().Replace(inner, " ").Trim();
    }

    /// <summary>Links to members have their full names in the file, of which the last part is enough here.</summary>
    [GeneratedRegex("""<see cref="\w:(?:[\w.]+\.)?(\w+)(?:\([^"]*\))?" ?/>""")]
    private static partial Regex Reference();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
