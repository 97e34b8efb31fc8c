import { applyTheme } from "./core/theme.js";
import "./ui/copy.js";
import "./pages/login.js";
import "./shell.js";

applyTheme();
document.body.append(document.createElement("berth-shell"));
