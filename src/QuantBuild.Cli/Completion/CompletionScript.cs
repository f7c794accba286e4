using System.Text;

namespace QuantBuild.Cli.Completion;

/// <summary>Completion scripts. They hold all names, so that completing starts no program.</summary>
internal static class CompletionScript
{
    public static IReadOnlyDictionary<string, Func<IReadOnlyList<CompletedCommand>, string>> Shells { get; } =
        new SortedDictionary<string, Func<IReadOnlyList<CompletedCommand>, string>>(StringComparer.Ordinal)
        {
            ["bash"] = Bash, ["fish"] = Fish, ["pwsh"] = PowerShell, ["zsh"] = Zsh,
        };

    private static string Bash(IReadOnlyList<CompletedCommand> commands)
    {
        var script = new StringBuilder();
        script.Append("# bash completion of quantbuild\n_quantbuild() {\n");
        script.Append("    local current=\"${COMP_WORDS[COMP_CWORD]}\" previous=\"${COMP_WORDS[COMP_CWORD-1]}\"\n");
        script.Append("    COMPREPLY=()\n    if [ \"$COMP_CWORD\" -eq 1 ]; then\n");
        script.Append($"        COMPREPLY=($(compgen -W '{Names(commands)} --help --version' -- \"$current\"))\n        return\n    fi\n");
        AppendBashCases(script, commands);
        script.Append("}\ncomplete -o filenames -o default -F _quantbuild quantbuild\n");
        return script.ToString();
    }

    private static void AppendBashCases(StringBuilder script, IReadOnlyList<CompletedCommand> commands)
    {
        script.Append("    local options='' words=''\n    case \"${COMP_WORDS[1]}\" in\n");
        foreach (CompletedCommand command in commands)
        {
            script.Append($"        {command.Name})\n            options='{string.Join(' ', command.Options.Select(option => option.Name))}'\n");
            script.Append($"            words='{string.Join(' ', command.Words)}'\n            case \"$previous\" in\n");
            foreach (CompletedOption option in command.Options.Where(option => option.Words.Count > 0))
                script.Append($"                {option.Name}) COMPREPLY=($(compgen -W '{string.Join(' ', option.Words)}' -- \"$current\")); return ;;\n");
            string files = string.Join('|', command.Options.Where(option => option.TakesValue && option.Words.Count == 0).Select(option => option.Name));
            if (files.Length > 0)
                script.Append($"                {files}) COMPREPLY=($(compgen -f -- \"$current\")); return ;;\n");
            script.Append("            esac ;;\n");
        }
        script.Append("    esac\n    case \"$current\" in\n");
        script.Append("        -*) COMPREPLY=($(compgen -W \"$options\" -- \"$current\")) ;;\n");
        script.Append("        *) if [ -n \"$words\" ]; then COMPREPLY=($(compgen -W \"$words\" -- \"$current\")); ");
        script.Append("else COMPREPLY=($(compgen -f -- \"$current\")); fi ;;\n    esac\n");
    }

    private static string Zsh(IReadOnlyList<CompletedCommand> commands)
    {
        var script = new StringBuilder("#compdef quantbuild\n# zsh completion of quantbuild\n_quantbuild() {\n    local -a commands\n    commands=(\n");
        foreach (CompletedCommand command in commands)
            script.Append($"        '{command.Name}:{Quoted(command.Description, "'\\''").Replace(":", "\\:", StringComparison.Ordinal)}'\n");
        script.Append("    )\n    if (( CURRENT == 2 )); then\n        _describe 'command' commands\n        return\n    fi\n    case \"${words[2]}\" in\n");
        foreach (CompletedCommand command in commands)
        {
            script.Append($"        {command.Name})\n            _arguments \\\n");
            foreach (CompletedOption option in command.Options)
            {
                string values = !option.TakesValue ? "" : option.Words.Count > 0 ? $":value:({string.Join(' ', option.Words)})" : ":value:_files";
                script.Append($"                '{option.Name}[{Bracketed(option.Description)}]{values}' \\\n");
            }
            script.Append(command.Words.Count > 0 ? $"                '*:value:({string.Join(' ', command.Words)})' ;;\n" : "                '*:file:_files' ;;\n");
        }
        script.Append("    esac\n}\nif [ \"$funcstack[1]\" = \"_quantbuild\" ]; then _quantbuild \"$@\"; else compdef _quantbuild quantbuild; fi\n");
        return script.ToString();
    }

    private static string Fish(IReadOnlyList<CompletedCommand> commands)
    {
        var script = new StringBuilder("# fish completion of quantbuild\n");
        foreach (CompletedCommand command in commands)
        {
            script.Append($"complete -c quantbuild -n __fish_use_subcommand -f -a {command.Name} -d '{Quoted(command.Description, "\\'")}'\n");
            foreach (CompletedOption option in command.Options)
            {
                string values = !option.TakesValue ? "" : option.Words.Count > 0 ? $" -x -a '{string.Join(' ', option.Words)}'" : " -r";
                script.Append($"complete -c quantbuild -n '__fish_seen_subcommand_from {command.Name}' -l {option.Name[2..]} -d '{Quoted(option.Description, "\\'")}'{values}\n");
            }
            if (command.Words.Count > 0)
                script.Append($"complete -c quantbuild -n '__fish_seen_subcommand_from {command.Name}' -f -a '{string.Join(' ', command.Words)}'\n");
        }
        return script.ToString();
    }

    private static string PowerShell(IReadOnlyList<CompletedCommand> commands)
    {
        var script = new StringBuilder("# PowerShell completion of quantbuild\n$QuantBuildCommands = [ordered]@{\n");
        foreach (CompletedCommand command in commands)
        {
            script.Append($"    '{command.Name}' = [ordered]@{{\n");
            foreach (CompletedOption option in command.Options)
                script.Append($"        '{option.Name}' = @({PowerShellList(option.Words)})\n");
            script.Append($"        '' = @({PowerShellList(command.Words)})\n    }}\n");
        }
        script.Append(
            """
            }
            Register-ArgumentCompleter -Native -CommandName quantbuild -ScriptBlock {
                param($word, $ast, $position)
                $elements = @($ast.CommandElements | ForEach-Object { $_.ToString() })
                if ($word -ne '' -and $elements.Count -gt 1) { $elements = $elements[0..($elements.Count - 2)] }
                if ($elements.Count -le 1) { $candidates = @($QuantBuildCommands.Keys) }
                else {
                    $options = $QuantBuildCommands[$elements[1]]
                    if ($null -eq $options) { return }
                    $previous = $elements[-1]
                    if ($elements.Count -gt 2 -and $options.Contains($previous) -and $options[$previous].Count -gt 0) { $candidates = $options[$previous] }
                    elseif ($word -like '-*') { $candidates = @($options.Keys | Where-Object { $_ -ne '' }) }
                    else { $candidates = $options[''] }
                }
                $candidates | Where-Object { $_ -like "$word*" } | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
            }

            """.ReplaceLineEndings("\n"));
        return script.ToString();
    }

    private static string Names(IReadOnlyList<CompletedCommand> commands) => string.Join(' ', commands.Select(command => command.Name));

    private static string PowerShellList(IReadOnlyList<string> words) => string.Join(", ", words.Select(word => $"'{word}'"));

    /// <param name="quote">What a single quote becomes within single quotes.</param>
    private static string Quoted(string text, string quote) => text.Replace("'", quote, StringComparison.Ordinal);

    private static string Bracketed(string text) =>
        Quoted(text, "'\\''").Replace("[", "\\[", StringComparison.Ordinal).Replace("]", "\\]", StringComparison.Ordinal).Replace(":", "\\:", StringComparison.Ordinal);
}
