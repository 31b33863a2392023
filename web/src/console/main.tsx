import { render } from 'preact';
import { Console } from './console';
import '../style/base.css';
import './console.css';

const root = document.getElementById('app');
if (root) render(<Console />, root);
